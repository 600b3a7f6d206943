import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Drawer, Input, Select, Skeleton } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { Link, NavLink, Navigate, useParams } from "react-router";
import { call, type Check, Problem, type Run, type Sheet, type Style } from "../api";
import { useMe, useSite } from "../App";
import { t, tr } from "../i18n";
import { Confirm } from "./Confirm";
import { Generate } from "./Generate";
import { useWorks } from "./Studio";

type Edit = {
  title?: string;
  body?: string;
  tags?: string[];
  pages?: Sheet["draft"]["pages"];
  style?: string;
  pictures?: Sheet["draft"]["pictures"];
};
const kinds = ["shop", "tutorial", "test", "list", "outfit", "travel", "food", "knowledge", "goods", "daily"];

/** useSheet is a note on the table: what was typed is saved by itself, one save at a
 * time, each on the revision the last one gave. */
function useSheet(id: string) {
  const client = useQueryClient();
  const sheet = useQuery({
    queryKey: ["work", id],
    queryFn: () => call<Sheet>("GET", `/api/works/${id}`),
    staleTime: Infinity,
  });
  const [typed, setTyped] = useState<Edit>({});
  const [error, setError] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const pending = useRef<Edit>({});
  const chain = useRef<Promise<unknown>>(Promise.resolve());
  const timer = useRef<number>(undefined);

  /** run sends one change after the ones before it and lays the answer on the table. */
  const run = useCallback(
    (send: (revision: number) => Promise<Sheet>) => {
      const next = chain.current.then(async () => {
        const now = client.getQueryData<Sheet>(["work", id]);
        if (!now) return;
        setBusy(true);
        try {
          const fresh = await send(now.revision);
          client.setQueryData(["work", id], fresh);
          setError(undefined);
          return fresh;
        } finally {
          setBusy(false);
        }
      });
      chain.current = next.catch((e: unknown) => setError(e as Problem));
      return next;
    },
    [client, id],
  );

  const flush = useCallback(async () => {
    window.clearTimeout(timer.current);
    const edit = pending.current;
    pending.current = {};
    if (Object.keys(edit).length > 0) {
      await run(async (revision) => {
        try {
          const s = await call<Sheet>("PUT", `/api/works/${id}/draft`, { revision, ...edit });
          setTyped((was) => Object.fromEntries(Object.entries(was).filter(([k, v]) => v !== edit[k as keyof Edit])));
          return s;
        } catch (e) {
          pending.current = { ...edit, ...pending.current }; // kept, and sent again with the next change
          throw e;
        }
      });
    }
    await chain.current;
  }, [id, run]);

  const edit = useCallback(
    (e: Edit) => {
      pending.current = { ...pending.current, ...e };
      setTyped((was) => ({ ...was, ...e }));
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void flush().catch(() => undefined), 700);
    },
    [flush],
  );

  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (Object.keys(pending.current).length > 0) e.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  return { sheet, typed, edit, run, flush, busy, error, dirty: Object.keys(typed).length > 0 };
}

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
  const [confirming, setConfirming] = useState(false);
  const [page, setPage] = useState(0);
  const data = s.sheet.data;
  if (s.sheet.error)
    return (
      <p className="empty">
        {s.sheet.error.message} <Link to="/">{t("nav.studio")}</Link>
      </p>
    );
  if (!data) return <Skeleton active style={{ padding: 24 }} />;
  const d = data.draft;
  const title = s.typed.title ?? data.title;
  const body = s.typed.body ?? data.body;
  const tags = s.typed.tags ?? d.tags;
  const fixes = data.checks.filter((c) => c.level === "fix").length;

  const arrange = (change: Partial<{ kind: string; answers: Sheet["draft"]["answers"]; attempt: number }>) =>
    void s
      .flush()
      .then(() =>
        s.run((revision) =>
          call<Sheet>("POST", `/api/works/${id}/arrange`, {
            revision,
            kind: d.kind,
            answers: d.answers,
            attempt: d.attempt,
            ...change,
          }),
        ),
      )
      .catch((e: Error) => message.error(e.message));
  const mend = () =>
    void s
      .flush()
      .then(() => s.run((revision) => call<Sheet>("POST", `/api/works/${id}/mend`, { revision })))
      .catch((e: Error) => message.error(e.message));
  const proceed = async () => {
    try {
      await s.flush();
      setConfirming(true);
    } catch (e) {
      message.error((e as Error).message);
    }
  };

  return (
    <main className="wide desk">
      <aside className="notes">
        <NoteList />
      </aside>
      <section aria-label={t("note.editor")}>
        {s.error && <Trouble error={s.error} onReload={() => void s.sheet.refetch()} />}
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
              checks={[]}
              onChange={(v) => s.edit({ title: v.replaceAll("\n", " ") })}
            />
            <Proposals
              sheet={data}
              title={title}
              onPick={(v) => s.edit({ title: v })}
              onAgain={() => arrange({ attempt: d.attempt + 1 })}
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
              onChange={(v) => s.edit({ body: v })}
            />
            <div className="legend">
              <span>{t("origin.person")}</span>
              <span className="by-arranged">{t("origin.arranged")}</span>
              <span className="by-model">{t("origin.model")}</span>
            </div>
          </Field>
          <Asks key={d.attempt} sheet={data} onAnswer={(answers) => arrange({ answers })} />
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
          {site.data?.model.name && (
            <Generate work={id} model={site.data.model.name} onAdopt={(e) => s.edit(e)} flush={s.flush} />
          )}
        </div>
        <Pages sheet={data} page={page} setPage={setPage} edit={s.edit} flush={s.flush} />
        <div className="status">
          <span className="hint" role="status">
            {s.busy
              ? t("note.saving")
              : s.dirty
                ? t("note.unsaved")
                : t(
                    "note.saved",
                    new Date(data.updated).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }),
                  )}
          </span>
          <span className="row">
            {fixes > 0 && (
              <Button onClick={mend} id="mend">
                {t("note.mend", fixes)}
              </Button>
            )}
            <Button type="primary" size="large" id="continue" onClick={() => void proceed()}>
              {t("note.continue")}
            </Button>
          </span>
        </div>
      </section>
      <aside aria-label={t("note.side")}>
        <Phone
          title={title}
          body={body}
          tags={tags}
          pictures={d.pages.map((_, i) => `/api/works/${id}/pages/${i}?r=${data.revision}`)}
        />
        <Checks checks={data.checks} />
        <MadeBy share={data.share} />
        {data.latest && (
          <div className="panel">
            <h2>{t("note.line")}</h2>
            <p>
              {t("note.version", data.latest.number)} · {tr("state", data.latest.state)}
            </p>
            <div className="row">
              <Button onClick={() => setConfirming(true)}>{t("note.open_version")}</Button>
              {data.live && <a href={`/p/${id}`}>{t("note.see")}</a>}
            </div>
          </div>
        )}
      </aside>
      <Drawer
        open={confirming}
        onClose={() => setConfirming(false)}
        size={1040}
        title={t("confirm.title")}
        destroyOnHidden
        styles={{ body: { padding: 24 } }}
      >
        <Confirm sheet={data} onDone={() => void s.sheet.refetch()} />
      </Drawer>
    </main>
  );
}

/** measure is the platform's title length, for the moment between typing and saving: a
 * UTF-16 unit up to 127 weighs one, any other two; half of it, rounded up. */
function measure(s: string): number {
  let sum = 0;
  for (let i = 0; i < s.length; i++) sum += s.charCodeAt(i) <= 127 ? 1 : 2;
  return Math.ceil(sum / 2);
}

function NoteList() {
  const works = useWorks();
  return (
    <div className="panel">
      <p>
        <Link to="/">+ {t("note.new")}</Link>
      </p>
      <ul>
        {works.data?.map((w) => (
          <li key={w.id}>
            <NavLink to={`/note/${w.id}`}>
              {w.title || t("note.untitled")}
              <small>{w.latest ? tr("state", w.latest.state) : t("state.draft")}</small>
            </NavLink>
          </li>
        ))}
      </ul>
    </div>
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

function Field({
  label,
  counter,
  children,
}: {
  label: string;
  counter?: { count: number; max: number };
  children: React.ReactNode;
}) {
  return (
    <div className="field">
      <header>
        <h2>{label}</h2>
        {counter && (
          <span className={counter.count > counter.max ? "count over" : "count"}>
            {counter.count}/{counter.max}
          </span>
        )}
      </header>
      {children}
    </div>
  );
}

/** Words is a text field that shows under the words where they come from and what a
 * check found, as soon as they are saved. */
function Words(p: {
  id: string;
  line?: boolean;
  value: string;
  saved: string;
  runs: Run[];
  checks: Check[];
  onChange: (v: string) => void;
}) {
  return (
    <div className={p.line ? "words line" : "words"}>
      <div className="under" aria-hidden="true">
        {p.value === p.saved &&
          spans(p.runs, p.checks).map((x, i) => (
            <span key={i} className={x.name}>
              {x.text}
            </span>
          ))}
      </div>
      <textarea
        id={p.id}
        value={p.value}
        rows={p.line ? 1 : 8}
        aria-label={p.id === "title" ? t("note.title") : t("note.body")}
        spellCheck={false}
        onChange={(e) => p.onChange(e.target.value)}
      />
    </div>
  );
}

/** spans cuts a text at every border of a run or a finding. Checks count bytes of UTF-8. */
function spans(runs: Run[], checks: Check[]): { text: string; name: string }[] {
  const out: { text: string; name: string }[] = [];
  const bytes = new TextEncoder();
  const places = checks.filter((c) => c.field === "body" && c.end > c.start);
  let at = 0;
  for (const r of runs) {
    for (const c of r.text) {
      const found = places.some((f) => at >= f.start && at < f.end);
      const name = [r.origin === "person" ? "" : `by-${r.origin}`, found ? "found" : ""].join(" ").trim();
      const last = out.at(-1);
      if (last && last.name === name) last.text += c;
      else out.push({ text: c, name });
      at += bytes.encode(c).length;
    }
  }
  return out;
}

function Proposals({
  sheet,
  title,
  onPick,
  onAgain,
}: {
  sheet: Sheet;
  title: string;
  onPick: (v: string) => void;
  onAgain: () => void;
}) {
  const [open, setOpen] = useState(true);
  const list = sheet.proposals.titles;
  if (list.length === 0) return null;
  return (
    <div style={{ marginTop: 8 }}>
      <div className="row">
        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(!open)} aria-expanded={open}>
          {t("note.proposals", list.length)}
        </Button>
        <Button type="link" size="small" onClick={onAgain}>
          {t("note.again")}
        </Button>
      </div>
      {open && (
        <div className="proposals">
          {list.map((x) => (
            <button
              type="button"
              className="proposal"
              key={x.text}
              aria-pressed={x.text === title}
              onClick={() => onPick(x.text)}
            >
              <span>{x.text}</span>
              <small>{x.added.length > 0 ? t("note.added", x.added.join(" ")) : t("note.yours")}</small>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Asks({ sheet, onAnswer }: { sheet: Sheet; onAnswer: (a: Sheet["draft"]["answers"]) => void }) {
  const [texts, setTexts] = useState<Record<string, string>>({});
  const given = sheet.draft.answers;
  const asks = sheet.proposals.asks;
  if (asks.length === 0) return null;
  const send = (slot: string) => {
    const text = (texts[slot] ?? "").trim();
    if (text) {
      onAnswer([...given.filter((a) => a.slot !== slot), { slot, text }]);
      setTexts({ ...texts, [slot]: "" });
    }
  };
  return (
    <Field label={t("note.asks")}>
      {asks.map((a) => (
        <Input
          key={a.slot}
          addonBefore={<label htmlFor={`ask-${a.slot}`}>{a.text}</label>}
          id={`ask-${a.slot}`}
          value={texts[a.slot] ?? ""}
          maxLength={200}
          style={{ marginBottom: 8 }}
          title={a.why}
          onChange={(e) => setTexts({ ...texts, [a.slot]: e.target.value })}
          onPressEnter={() => send(a.slot)}
          onBlur={() => send(a.slot)}
        />
      ))}
    </Field>
  );
}

function Pages({
  sheet,
  page,
  setPage,
  edit,
  flush,
}: {
  sheet: Sheet;
  page: number;
  setPage: (n: number) => void;
  edit: (e: Edit) => void;
  flush: () => Promise<void>;
}) {
  const styles = useQuery({
    queryKey: ["styles"],
    queryFn: () => call<Style[]>("GET", "/api/styles"),
    staleTime: Infinity,
  });
  const { message } = AntApp.useApp();
  const [sending, setSending] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const d = sheet.draft;
  const current = d.pages[page];
  const take = async (files: FileList | null) => {
    setSending(true);
    try {
      for (const f of Array.from(files ?? [])) {
        const form = new FormData();
        form.append("picture", f);
        const a = await call<{ id: string }>("POST", `/api/works/${sheet.id}/pictures`, form);
        const alt = f.name.replace(/\.[^.]+$/, "").slice(0, 100);
        edit({ pictures: [...d.pictures, { asset: a.id, alt }], pages: [...d.pages, { kind: "photo", asset: a.id }] });
        await flush();
      }
    } catch (e) {
      message.error((e as Error).message);
    } finally {
      setSending(false);
      if (picker.current) picker.current.value = "";
    }
  };
  const move = (by: number) => {
    const pages = [...d.pages];
    const [taken] = pages.splice(page, 1);
    if (taken) pages.splice(page + by, 0, taken);
    setPage(page + by);
    edit({ pages });
  };
  return (
    <div
      className="panel"
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        void take(e.dataTransfer.files);
      }}
      onPaste={(e) => e.clipboardData.files.length > 0 && void take(e.clipboardData.files)}
    >
      <Field label={t("note.pages")} counter={sheet.counters.pages}>
        <div className="pages" role="group" aria-label={t("note.pages")}>
          {d.pages.map((p, i) => (
            <button
              type="button"
              key={i}
              aria-pressed={i === page}
              aria-label={t("note.page", i + 1)}
              onClick={() => setPage(i)}
            >
              <img
                src={`/api/works/${sheet.id}/pages/${i}?r=${sheet.revision}`}
                alt={p.title ?? ""}
                width="96"
                height="128"
                loading="lazy"
              />
            </button>
          ))}
        </div>
        <div className="row">
          <Button size="small" disabled={page <= 1} onClick={() => move(-1)}>
            ← {t("note.earlier")}
          </Button>
          <Button size="small" disabled={page === 0 || page >= d.pages.length - 1} onClick={() => move(1)}>
            {t("note.later")} →
          </Button>
          <Button
            size="small"
            disabled={page === 0 || page >= d.pages.length}
            onClick={() => {
              edit({ pages: d.pages.filter((_, i) => i !== page) });
              setPage(Math.max(0, page - 1));
            }}
          >
            {t("note.drop_page")}
          </Button>
          <Button size="small" loading={sending} onClick={() => picker.current?.click()}>
            {t("note.photo")}
          </Button>
          <input
            ref={picker}
            type="file"
            accept="image/jpeg,image/png,image/webp,image/gif"
            multiple
            hidden
            onChange={(e) => void take(e.target.files)}
          />
          <span className="hint">{t("note.photo_hint")}</span>
        </div>
      </Field>
      {current?.kind === "cover" && (
        <Field label={t("note.cover_title")}>
          <Input
            value={current.title ?? ""}
            maxLength={60}
            onChange={(e) => edit({ pages: d.pages.map((p, i) => (i === page ? { ...p, title: e.target.value } : p)) })}
          />
        </Field>
      )}
      <Field label={t("note.style")}>
        <div className="styles">
          {styles.data?.map((x) => (
            <button
              type="button"
              className="chip"
              key={x.name}
              aria-pressed={x.name === d.style}
              onClick={() => edit({ style: x.name })}
            >
              {t("app.name") === "沃土" ? x.zh : x.en}
            </button>
          ))}
        </div>
      </Field>
    </div>
  );
}

/** Phone is the note as readers see it: the same pictures, the same words. */
export function Phone({
  title,
  body,
  tags,
  pictures,
  notice,
}: {
  title: string;
  body: string;
  tags: string[];
  pictures: string[];
  notice?: string;
}) {
  return (
    <div className="phone">
      <div className="strip" tabIndex={0} role="group" aria-label={t("note.pages")}>
        {pictures.map((src, i) => (
          <img key={src} src={src} alt={t("note.page", i + 1)} />
        ))}
      </div>
      <div className="text">
        <h3>{title}</h3>
        {notice && <span className="notice">{notice}</span>}
        {body.split("\n").map((l, i) => (
          <p key={i}>{l}</p>
        ))}
        <p className="tags">{tags.map((x) => `#${x}`).join(" ")}</p>
      </div>
    </div>
  );
}

function Checks({ checks }: { checks: Check[] }) {
  return (
    <div className="panel" style={{ marginTop: 16 }}>
      <h2>
        {t("note.checks")}{" "}
        <span className="hint">
          {checks.length === 0
            ? t("note.clean")
            : t(
                "note.checked",
                checks.filter((c) => c.level === "fix").length,
                checks.filter((c) => c.level !== "fix").length,
              )}
        </span>
      </h2>
      <ul className="checks">
        {checks.map((c, i) => (
          <li key={i} className={c.level}>
            {c.text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function MadeBy({ share }: { share: Sheet["share"] }) {
  const all = Math.max(1, share.person + share.arranged + share.model);
  const part = (n: number) => `${Math.round((n * 100) / all)}%`;
  return (
    <div className="panel">
      <h2>{t("note.made")}</h2>
      <div className="share" aria-hidden="true">
        <span className="p" style={{ width: part(share.person) }} />
        <span className="a" style={{ width: part(share.arranged) }} />
        <span className="m" style={{ width: part(share.model) }} />
      </div>
      <p className="hint">
        {t("origin.person")} {part(share.person)} · {t("origin.arranged")} {part(share.arranged)} · {t("origin.model")}{" "}
        {part(share.model)}
      </p>
    </div>
  );
}
