import { Alert, App as AntApp, Button, Drawer, Modal, Select, Skeleton } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Link, Navigate, useNavigate, useParams } from "react-router";
import { call, once, Problem, type Schemas, type Sheet, type VersionView } from "../../api";
import { useMe, useSite } from "../../App";
import { Failed } from "../../Failed";
import { lang, moment, t, tr } from "../../i18n";
import { useKeys } from "../../keys";
import { Confirm } from "../Confirm";
import { Generate } from "../Generate";
import { Field } from "./Field";
import { Pages } from "./Pages";
import { mark } from "./paid";
import { Asks, Lacking, Lead, Proposals, Topics } from "./Propose";
import { Reading } from "./Reading";
import { useRewrite } from "./Rewrite";
import { Clash } from "./Clash";
import { History } from "./History";
import { NoteList } from "./NoteList";
import { Allows, Checks, Here, MadeBy, Phone } from "./Side";
import { Templates } from "./Templates";
import { useSheet } from "./useSheet";
import { useUndo } from "./useUndo";
import { measure, Words } from "./Words";

type Mending = Schemas["Mended"];
const kinds = ["shop", "tutorial", "test", "list", "outfit", "travel", "food", "knowledge", "goods", "daily"];

/** Note is the studio at work: notes, editor, and the note as readers see it. */
export function Note() {
  const { id = "" } = useParams();
  const me = useMe();
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: `/note/${id}` }} />;
  return <Desk key={id} id={id} />;
}

function Desk({ id }: { id: string }) {
  const s = useSheet(id);
  const site = useSite();
  const { message } = AntApp.useApp();
  const [confirming, setConfirming] = useState<"go" | "see">();
  const [page, setPage] = useState(0);
  const [past, setPast] = useState(false);
  const [mended, setMended] = useState<Mending>();
  const [peeking, setPeeking] = useState(false);
  const [next, setNext] = useState<() => void>(); // what comes once the sheet is closed
  const wide = useMedia("(min-width: 1200px)");
  const [foreign, setForeign] = useState(false);
  useEffect(() => {
    if (!peeking && next) requestAnimationFrame(next);
  }, [next, peeking]);
  const keys = useKeys([
    { key: "w", label: t("note.not_mine"), run: () => setForeign((was) => !was) },
    // These work where the focus is; they stand here to be found.
    ...(
      [
        ["Alt W", "note.key_not_mine"],
        ["Ctrl J", "note.key_rewrite"],
        ["← →", "note.key_page"],
        ["Alt ← →", "note.key_move"],
        ["Delete", "note.key_remove"],
        ["← ↑ ↓ →", "note.key_nudge"],
        ["+ −", "note.key_crop"],
        ["Enter ↑ ↓", "note.key_rows"],
      ] as const
    ).map(([key, word]) => ({ key, label: t(word), run: () => undefined })),
  ]);
  useEffect(() => {
    // Not a key of the list: those are never meant while one types. By its place, since with
    // Alt some keyboards write another character.
    const on = (e: KeyboardEvent) => {
      if (!e.altKey || e.ctrlKey || e.metaKey || e.code !== "KeyW") return;
      e.preventDefault();
      setForeign((was) => !was);
    };
    window.addEventListener("keydown", on);
    return () => window.removeEventListener("keydown", on);
  }, []);
  const rewrite = useRewrite(id, s, site.data?.model.name ?? "");
  const begin = useBegin();
  const offer = useUndo();
  const [going, setGoing] = useState(false); // a deletion or withdrawal waits to be taken back
  const client = useQueryClient();
  const navigate = useNavigate();
  const data = s.sheet.data;
  if (!data) return <Absent of={s.sheet} />;
  const d = data.draft;
  const title = s.typed.title ?? data.title;
  const body = s.typed.body ?? data.body;
  const tags = s.typed.tags ?? d.tags;
  const sound = s.typed.sound ?? d.sound;
  const heard = sound?.asset ? { ...sound, url: `/api/assets/${sound.asset}` } : undefined;
  const fixes = data.checks.filter((c) => c.level === "fix").length;

  const turn = async (
    change: Partial<{
      kind: string;
      answers: Sheet["draft"]["answers"];
      attempt: number;
      choices: Sheet["draft"]["choices"];
      part: "title" | "body" | "tags" | "pages";
    }>,
  ) => {
    const now = (await s.flush()) ?? data;
    const { kind, answers, attempt } = now.draft;
    return s.run((revision) =>
      call<Sheet>("POST", `/api/works/${id}/arrange`, { revision, kind, answers, attempt, ...change }),
    );
  };
  const arrange = (change: Parameters<typeof turn>[0]) =>
    void turn(change).catch((e: Error) => message.error(e.message));
  const undo = () =>
    void s
      .run((revision) => call<Sheet>("POST", `/api/works/${id}/undo`, { revision }))
      .catch((e: Error) => message.error(e.message));
  const look = () =>
    s
      .flush()
      .then(() => call<Mending>("GET", `/api/works/${id}/mend`))
      .then(setMended)
      .catch((e: Error) => message.error(e.message));
  const mend = () =>
    void s
      .run((revision) => call<Sheet>("POST", `/api/works/${id}/mend`, { revision }))
      .then(() => setMended(undefined))
      .catch((e: Error) => message.error(e.message));
  /** later does for good, in five seconds, what readers will notice. */
  const later = (said: string, method: string, path: string, after: (left: boolean) => Promise<unknown> | void) => {
    setGoing(true);
    offer(
      said,
      () => setGoing(false),
      (left) =>
        void call(method, path)
          .then(() => {
            void client.invalidateQueries({ queryKey: ["works"] });
            return after(left);
          })
          .catch((e: Error) => message.error(e.message))
          .finally(() => setGoing(false)),
    );
  };
  const withdraw = () =>
    later(t("note.withdrawing"), "POST", `/api/versions/${data.live}/withdraw`, () =>
      client.invalidateQueries({ queryKey: ["work", id] }),
    );
  const drop = () =>
    later(data.live ? t("note.deleting_live") : t("note.deleting"), "DELETE", `/api/works/${id}`, (left) => {
      s.forget();
      if (!left) navigate("/");
    });
  /** leave closes the sheet of checks, then goes to the words under it. */
  const leave = (go: () => void) => {
    setNext(() => go);
    setPeeking(false);
  };
  const proceed = async () => {
    try {
      const now = (await s.flush()) ?? data;
      // What does not fit a note is mended first; the sheet could only refuse it.
      if (now.checks.some((c) => c.level === "fix")) return void (await look());
      setConfirming("go");
    } catch (e) {
      message.error((e as Error).message);
    }
  };

  const side = (
    <>
      <Phone
        title={title}
        body={body}
        sound={heard}
        tags={tags}
        pictures={d.pages.map((p, i) => `/api/works/${id}/pages/${i}?r=${mark([d.style, d.brand, p, d.pages.length])}`)}
      />
      <Checks checks={data.checks} via={wide ? undefined : leave} />
      <MadeBy percent={data.percent} />
      <Allows live={data.live} />
      {data.latest && (
        <div className="panel">
          <h2>{t("note.line")}</h2>
          <p>
            {t("note.version", data.latest.number)} · {tr("state", data.latest.state)}
            {data.latest.state === "cleared" && data.latest.scheduled > 0 && (
              <>
                {" · "}
                {data.latest.confirmed ? t("note.scheduled", moment(data.latest.scheduled)) : t("note.unscheduled")}
              </>
            )}
          </p>
          <div className="row">
            <Button id="open-version" onClick={() => setConfirming("see")}>
              {t("note.open_version")}
            </Button>
            {data.live && (
              <>
                <a href={`/p/${id}`}>{t("note.see")}</a>
                <Button id="withdraw" disabled={going} onClick={withdraw}>
                  {t("note.withdraw")}
                </Button>
              </>
            )}
          </div>
        </div>
      )}
    </>
  );

  return (
    <main className="wide desk">
      {keys}
      <h1 className="unseen">{title || t("note.untitled")}</h1>
      <aside className="notes">
        <NoteList />
      </aside>
      <section aria-label={t("note.editor")}>
        {s.clash && <Clash clash={s.clash} mine={s.typed} onSettle={s.settle} />}
        {data.latest && ["refused", "removed"].includes(data.latest.state) && (
          <Stopped version={data.latest.id} onOpen={() => setConfirming("see")} />
        )}
        <Failed of={s.sheet} />
        {s.error && !s.clash && !s.offline && <Trouble error={s.error} onReload={() => void s.sheet.refetch()} />}
        <div className="panel">
          <Field
            label={t("note.title")}
            counter={{
              count: s.typed.title === undefined ? data.counters.title.count : measure(title),
              max: data.counters.title.max,
            }}
          >
            <Words
              id="title"
              line
              value={title}
              saved={data.title}
              runs={d.title}
              checks={data.checks}
              foreign={foreign}
              tools={(at) => rewrite.menu("title", title, at)}
              onChange={(v) => s.edit({ title: v.replaceAll("\n", " ") })}
            />
            {!wide && <Here field="title" checks={data.checks} />}
            {s.typed.title === undefined && <Lacking marks={data.marks} />}
            {rewrite.panel("title")}
            <Proposals
              sheet={data}
              title={title}
              onPick={(v) => s.edit({ title: v })}
              onAgain={() => arrange({ part: "title" })}
            />
          </Field>
          <Field
            label={t("note.body")}
            counter={{
              count: s.typed.body === undefined ? data.counters.body.count : body.length,
              max: data.counters.body.max,
            }}
          >
            <Words
              id="body"
              value={body}
              saved={data.body}
              runs={d.body}
              checks={data.checks}
              foreign={foreign}
              tools={(at) => rewrite.menu("body", body, at)}
              onChange={(v) => s.edit({ body: v })}
            />
            <div className="row between">
              <div className="legend">
                <span>{t("origin.person")}</span>
                <span className="by-arranged">{t("origin.arranged")}</span>
                <span className="by-model">{t("origin.model")}</span>
                <Button
                  size="small"
                  type="text"
                  id="not-mine"
                  aria-pressed={foreign}
                  onClick={() => setForeign(!foreign)}
                >
                  {foreign ? t("note.not_mine_count", data.share.arranged + data.share.model) : t("note.not_mine")}{" "}
                  <kbd>Alt W</kbd>
                </Button>
              </div>
              <div className="row">
                {rewrite.menu("body", body)}
                <Button size="small" id="again-body" onClick={() => arrange({ part: "body" })}>
                  {t("note.again_body")}
                </Button>
                <Button size="small" id="again-pages" onClick={() => arrange({ part: "pages" })}>
                  {t("note.again_pages")}
                </Button>
                {data.undo && !s.dirty && (
                  <Button size="small" id="undo" onClick={undo}>
                    {t("rewrite.undo")}
                  </Button>
                )}
              </div>
            </div>
            {!wide && <Here field="body" checks={data.checks} />}
            <Lead body={body} />
            {rewrite.panel("body")}
          </Field>
          <Asks
            key={d.attempt}
            asks={data.proposals.asks}
            given={d.answers}
            onAnswer={(answers) => arrange({ answers })}
          />
          <Reading
            idea={d.idea}
            read={data.proposals}
            choices={d.choices}
            onChoose={(choices) => arrange({ choices })}
            onRest={(rest) => void s.flush().then(() => begin(rest))}
          />
          <Field label={t("note.tags")} counter={{ count: tags.length, max: data.counters.tags.max }}>
            <Select
              mode="tags"
              value={tags}
              style={{ width: "100%" }}
              tokenSeparators={[" ", "，", ",", "#"]}
              onChange={(v: string[]) => s.edit({ tags: v })}
              options={data.proposals.tags.map((x) => ({ value: x.name, label: `#${x.name}` }))}
              aria-label={t("note.tags")}
            />
            <Topics
              sheet={data}
              tags={tags}
              max={data.counters.tags.max}
              onAdd={(tag) => s.edit({ tags: [...tags, tag] })}
              onAgain={() => arrange({ part: "tags" })}
            />
          </Field>
          <Field label={t("note.kind")}>
            <Select
              value={d.kind}
              style={{ width: 160 }}
              onChange={(kind) => arrange({ kind })}
              options={kinds.map((k) => ({ value: k, label: tr("kind", k) }))}
              aria-label={t("note.kind")}
            />
          </Field>
          <Generate
            sheet={data}
            model={site.data?.model.name ?? ""}
            onAdopt={(e) => s.edit(e)}
            onCompare={(g) => void rewrite.open(g)}
            flush={s.flush}
          />
        </div>
        <Pages s={s} sheet={data} page={page} setPage={setPage} />
        <div className="status">
          <span className="row">
            <span className="hint" role="status">
              {s.offline
                ? t("note.offline")
                : s.busy
                  ? t("note.saving")
                  : s.dirty
                    ? t("note.unsaved")
                    : t(
                        "note.saved",
                        new Date(data.updated).toLocaleTimeString(lang(), { hour: "2-digit", minute: "2-digit" }),
                      )}
            </span>
            <Button size="small" type="text" id="history" onClick={() => setPast(true)}>
              {t("note.history")}
            </Button>
            <Templates
              sheet={data}
              edit={s.edit}
              settle={async (kind) => (kind === data.draft.kind ? await s.flush() : await turn({ kind })) ?? data}
            />
            <Button size="small" type="text" id="delete" disabled={going} onClick={drop}>
              {t("note.delete")}
            </Button>
          </span>
          <span className="row">
            {!wide && (
              <Button
                id="peek"
                onClick={() => {
                  setNext(undefined);
                  setPeeking(true);
                }}
              >
                {t("note.peek")}
                {data.checks.length > 0 && ` · ${data.checks.length}`}
              </Button>
            )}
            {fixes > 0 && (
              <Button onClick={() => void look()} id="mend">
                {t("note.mend", fixes)}
              </Button>
            )}
            <Button type="primary" size="large" id="continue" onClick={() => void proceed()}>
              {t("note.continue")}
            </Button>
          </span>
        </div>
      </section>
      {wide ? (
        <aside aria-label={t("note.side")}>{side}</aside>
      ) : (
        <Drawer
          open={peeking}
          onClose={() => setPeeking(false)}
          focusable={{ focusTriggerAfterClose: !next }}
          placement="bottom"
          size="85vh"
          title={t("note.side")}
          destroyOnHidden
        >
          <div className="peek">{side}</div>
        </Drawer>
      )}
      <Modal
        open={!!mended}
        onCancel={() => setMended(undefined)}
        onOk={mend}
        okText={t("mend.take")}
        cancelText={t("mend.leave")}
        okButtonProps={{ id: "mend-take" }}
        title={t("mend.title")}
        width={720}
      >
        {mended && <Mended before={data} after={mended} />}
      </Modal>
      <History
        sheet={data}
        open={past}
        onClose={() => setPast(false)}
        onRestore={(from) =>
          s.flush().then(() => s.run((revision) => call<Sheet>("POST", `/api/works/${id}/restore`, { revision, from })))
        }
      />
      <Drawer
        open={!!confirming}
        onClose={() => setConfirming(undefined)}
        size={1040}
        title={t("confirm.title")}
        destroyOnHidden
        styles={{ body: { padding: 24 } }}
      >
        <Confirm sheet={data} see={confirming === "see"} onDone={() => void s.sheet.refetch()} />
      </Drawer>
    </main>
  );
}

/** useMedia follows a media query. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const m = window.matchMedia(query);
      m.addEventListener("change", changed);
      return () => m.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Mended is what bringing everything within the limits would change, before it does. */
function Mended({ before, after }: { before: Sheet; after: Mending }) {
  const rows: [string, string, string][] = [
    [t("note.title"), before.title, after.title],
    [t("note.body"), before.body, after.body],
    [t("note.tags"), before.draft.tags.map((x) => `#${x}`).join(" "), after.tags.map((x) => `#${x}`).join(" ")],
    [t("note.pages"), t("history.pages", before.draft.pages.length), t("history.pages", after.pages.length)],
  ];
  return (
    <dl className="mended">
      {rows
        .filter(([, a, b]) => a !== b)
        .map(([name, a, b]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <del>{a}</del>
              <ins>{b}</ins>
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** useBegin begins a further note of a text, such as the rest of a long article. */
function useBegin() {
  const navigate = useNavigate();
  const { message } = AntApp.useApp();
  return async (idea: string) => {
    try {
      const sheet = await call<Sheet>("POST", "/api/works", { idea }, { "Idempotency-Key": once() });
      navigate(`/note/${sheet.id}`);
    } catch (e) {
      message.error((e as Error).message);
    }
  };
}

/** Absent stands where a note will be, or says why there is none. */
function Absent({ of }: { of: ReturnType<typeof useSheet>["sheet"] }) {
  if (!of.error) return <Skeleton active style={{ padding: 24 }} />;
  if (of.error instanceof Problem && of.error.status === 404)
    return (
      <p className="empty">
        {of.error.message} <Link to="/">{t("nav.studio")}</Link>
      </p>
    );
  return (
    <main className="narrow">
      <Failed of={of} />
    </main>
  );
}

function Trouble({ error, onReload }: { error: Problem; onReload: () => void }) {
  return (
    <Alert
      type="warning"
      role="alert"
      title={error.message}
      style={{ marginBottom: 16 }}
      action={error.code === "draft.changed" && <Button onClick={onReload}>{t("note.reload")}</Button>}
    />
  );
}

/** Stopped says at the top why readers do not see the note, and leads to the appeal. */
function Stopped({ version, onOpen }: { version: string; onOpen: () => void }) {
  const v = useQuery({
    queryKey: ["version", version],
    queryFn: () => call<VersionView>("GET", `/api/versions/${version}`),
  });
  if (!v.data) return null;
  return (
    <Alert
      type="warning"
      title={v.data.reason}
      style={{ marginBottom: 16 }}
      action={
        <Button size="small" id="why" onClick={onOpen}>
          {t("note.why")}
        </Button>
      }
    />
  );
}
