import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Input, Radio, Skeleton, Switch } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { call, type Schemas, type Sheet, type VersionView } from "../api";
import { moment, place, t, tr } from "../i18n";
import { Labels } from "./Labels";
import { Phone } from "./note/Side";
import { TakeAway } from "./TakeAway";

type Choice = Schemas["Choice"];
const later = [
  "retrieve",
  "train.text",
  "train.image",
  "train.video",
  "train.audio",
  "style",
  "voice",
  "likeness",
  "commercial",
  "third.party",
];

/** Confirm is the one sheet: exactly what goes out on the left; on the right the
 * declaration, the label, what the note allows, who sees it; one button that says what it
 * does. Opening it freezes a version; changing a choice freezes another. With see it shows
 * the newest version there is, whatever became of the draft since. */
export function Confirm({ sheet, see, onDone }: { sheet: Sheet; see: boolean; onDone: () => void }) {
  const client = useQueryClient();
  const [id, setId] = useState(() =>
    sheet.latest &&
    (sheet.latest.confirmed || ["released", "removed", "refused", "held", "failed"].includes(sheet.latest.state)) &&
    (see || !changed(sheet))
      ? sheet.latest.id
      : "",
  );
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const outcome = useRef<HTMLDivElement>(null);
  // What she chose and no version stands for yet; while there is such, nothing is confirmed.
  const [wanted, setWanted] = useState<Choice | undefined>(() =>
    id
      ? undefined
      : {
          revision: sheet.revision,
          ai: sheet.text_ai === "is",
          uses: { index: true, recommend: true },
          audience: "public",
          sponsorship: sheet.proposals.sponsorship,
        },
  );
  // Who paid stays open where she has not said.
  const [unsaid, setUnsaid] = useState(!id && sheet.proposals.sponsorship === undefined);
  const version = useQuery({
    queryKey: ["version", id],
    queryFn: () => call<VersionView>("GET", `/api/versions/${id}`),
    enabled: id !== "",
    refetchInterval: (q) => (q.state.data && waiting(q.state.data) ? 400 : false),
  });

  const submit = useCallback(
    async (c: Choice) => {
      setBusy(true);
      setError("");
      try {
        const v = await call<VersionView>("POST", `/api/works/${sheet.id}/submit`, c);
        client.setQueryData(["version", v.id], v);
        setId(v.id);
        setWanted(undefined);
        onDone();
      } catch (e) {
        setError((e as Error).message);
      } finally {
        setBusy(false);
      }
    },
    [client, onDone, sheet.id],
  );
  const begun = useRef(false);
  useEffect(() => {
    if (!wanted || begun.current) return;
    begun.current = true;
    void submit(wanted);
  }, [wanted, submit]);

  const choose = (c: Partial<Choice>) => {
    if (!version.data) return;
    const next = { ...(wanted ?? choiceOf(version.data)), revision: sheet.revision, ...c };
    if (c.sponsorship !== undefined) setUnsaid(false);
    setWanted(next);
    setAgreed(false);
    void submit(next);
  };
  const confirm = async () => {
    const v = version.data;
    if (!v) return;
    setBusy(true);
    setError("");
    try {
      const done = await call<VersionView>("POST", `/api/versions/${v.id}/confirm`, { release_hash: v.release_hash });
      client.setQueryData(["version", v.id], done);
      setAgreed(true);
      onDone();
      requestAnimationFrame(() => outcome.current?.focus()); // the button is gone
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };

  const again = wanted && (
    <Button onClick={() => void submit({ ...wanted, revision: sheet.revision })}>{t("app.again")}</Button>
  );
  const v = version.data;
  if (error && !v) return <Alert type="error" role="alert" title={error} action={again} />;
  if (!v) return <Skeleton active />;
  const choice: Choice = { ...(wanted ?? choiceOf(v)), ...(unsaid ? { sponsorship: undefined } : {}) };
  const settled = v.confirmed_at > 0 || ["refused", "removed", "failed"].includes(v.state);
  return (
    <div className="confirm">
      <Phone
        title={v.content.title}
        body={v.content.body}
        tags={v.content.tags ?? []}
        notice={v.label_text}
        sound={v.sound}
        pictures={v.labelled ? v.pictures.map((p) => `${p.url}?h=${v.release_hash}`) : []}
      />
      <div>
        {error && <Alert type="error" role="alert" title={error} style={{ marginBottom: 16 }} action={again} />}
        {settled ? (
          <div ref={outcome} tabIndex={-1} className="outcome">
            <Outcome v={v} agreed={agreed} onAgain={() => choose({})} />
          </div>
        ) : (
          <Choices v={v} choice={choice} busy={busy} choose={choose} />
        )}
        {!settled && (
          <Button
            type="primary"
            size="large"
            id="confirm"
            loading={busy}
            disabled={busy || !!wanted || !v.labelled || unsaid}
            onClick={() => void confirm()}
          >
            {!v.labelled
              ? t("confirm.labelling")
              : choice.scheduled
                ? t("confirm.go_at", moment(choice.scheduled))
                : t("confirm.go")}
          </Button>
        )}
        {v.labelled && v.state !== "refused" && v.state !== "removed" && <TakeAway v={v} />}
      </div>
    </div>
  );
}

/** choiceOf is what a version was frozen with. */
const choiceOf = (v: VersionView): Choice => ({
  revision: v.revision,
  ai: v.content.declaration.ai,
  uses: v.content.uses,
  audience: v.content.audience as Choice["audience"],
  sponsorship: v.content.declaration.sponsorship as Choice["sponsorship"],
  scheduled: v.content.scheduled,
});

/** changed reports whether the draft was edited after its newest version was frozen. */
const changed = (s: Sheet): boolean => !!s.latest && s.revision !== s.latest.revision;

/** waiting reports whether a machine is still at work on the version. */
const waiting = (v: VersionView): boolean =>
  v.state === "submitted" || (!v.labelled && (v.state === "cleared" || v.state === "held"));

interface Chosen {
  v: VersionView;
  choice: Choice;
  busy: boolean;
  choose: (c: Partial<Choice>) => void;
}

function Choices({ v, choice, busy, choose }: Chosen) {
  const locked = v.content.declaration.locked;
  return (
    <>
      <section>
        <h3>1 · {t("confirm.declare")}</h3>
        <label className="row">
          <Switch
            checked={choice.ai || locked}
            disabled={locked || busy}
            onChange={(ai) => choose({ ai })}
            aria-label={t("confirm.ai")}
          />{" "}
          {t("confirm.ai")}
        </label>
        {locked && <p className="hint">{t("confirm.locked")}</p>}
        <p className="hint" id="paid-by">
          {t("confirm.paid_by")}
        </p>
        <Radio.Group
          aria-labelledby="paid-by"
          disabled={busy}
          value={choice.sponsorship}
          onChange={(e) => choose({ sponsorship: e.target.value as Choice["sponsorship"] })}
          options={["", "own", "gift", "paid"].map((x) => ({ value: x, label: tr("sponsor", x || "none") }))}
        />
        {choice.sponsorship === undefined && <p className="hint">{t("confirm.who_paid")}</p>}
      </section>
      <section>
        <h3>2 · {t("confirm.label")}</h3>
        {v.label_text ? (
          <span className="notice">{v.label_text}</span>
        ) : (
          <span className="hint">{t("confirm.no_label")}</span>
        )}
        <Labels v={v} />
      </section>
      <section>
        <h3>3 · {t("confirm.uses")}</h3>
        <Uses names={["index", "recommend"]} choice={choice} busy={busy} choose={choose} />
        <details>
          <summary className="hint">{t("confirm.others", later.filter((u) => choice.uses[u]).length)}</summary>
          <Uses names={later} choice={choice} busy={busy} choose={choose} />
        </details>
      </section>
      <section>
        <h3>4 · {t("confirm.audience")}</h3>
        <Radio.Group
          disabled={busy}
          value={choice.audience}
          onChange={(e) => choose({ audience: e.target.value as Choice["audience"] })}
          options={["public", "unlisted", "me"].map((x) => ({ value: x, label: tr("audience", x) }))}
        />
        <When choice={choice} busy={busy} choose={choose} />
        <p className="hint" role="status">
          {v.state === "held"
            ? t("confirm.person_first")
            : v.state === "submitted"
              ? t("confirm.screening")
              : choice.scheduled
                ? t("confirm.clear_at")
                : t("confirm.clear")}
        </p>
        {v.reason && <p className="hint">{v.reason}</p>}
      </section>
    </>
  );
}

/** When is now or a moment ahead: the version is confirmed with it, and goes out by itself. */
function When({ choice, busy, choose }: Pick<Chosen, "choice" | "busy" | "choose">) {
  const hour = 60 * 60 * 1000;
  const local = (ms: number) => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  // The next full hour that is far enough.
  const soonest = Math.ceil((Date.now() + hour) / hour) * hour;
  return (
    <div className="row" role="group" aria-label={t("confirm.when")}>
      <Radio.Group
        disabled={busy}
        value={choice.scheduled ? "later" : "now"}
        onChange={(e) => choose({ scheduled: e.target.value === "later" ? soonest : 0 })}
        options={[
          { value: "now", label: t("confirm.now") },
          { value: "later", label: t("confirm.later") },
        ]}
      />
      {!!choice.scheduled && (
        <>
          <input
            type="datetime-local"
            id="scheduled"
            className="when"
            aria-label={t("confirm.when")}
            disabled={busy}
            step={60}
            min={local(Date.now() + hour)}
            max={local(Date.now() + 14 * 24 * hour)}
            defaultValue={local(choice.scheduled)}
            onBlur={(e) => {
              const at = new Date(e.target.value).getTime();
              if (at && at !== choice.scheduled) choose({ scheduled: at });
            }}
          />
          <span className="hint">{t("confirm.range")}</span>
        </>
      )}
    </div>
  );
}

/** Uses are boxes to tick, one a use. */
function Uses({ names, choice, busy, choose }: Pick<Chosen, "choice" | "busy" | "choose"> & { names: string[] }) {
  return (
    <div className="row">
      {names.map((u) => (
        <Checkbox
          key={u}
          disabled={busy}
          checked={!!choice.uses[u]}
          onChange={(e) => choose({ uses: { ...choice.uses, [u]: e.target.checked } })}
        >
          {tr("use", u)}
        </Checkbox>
      ))}
    </div>
  );
}

/** Outcome is what became of the version: out, on its way, or held back with the reason. */
function Outcome({ v, agreed, onAgain }: { v: VersionView; agreed: boolean; onAgain: () => void }) {
  if (v.state === "refused" || v.state === "removed") return <Refusal v={v} />;
  if (v.state === "failed") return <Alert type="error" title={v.reason} />;
  if (v.state !== "released")
    return (
      <>
        <Alert
          type="info"
          title={
            v.state === "cleared" && v.content.scheduled > 0
              ? t("confirm.set", moment(v.content.scheduled))
              : t("confirm.waiting")
          }
          description={v.reason}
        />
        <p className="row">
          <Button onClick={onAgain}>{t("confirm.anew")}</Button>
          {v.content.scheduled > 0 && <TakeBack v={v} />}
        </p>
      </>
    );
  return (
    <>
      <h2 id="published">{t("confirm.done")}</h2>
      <p>
        <a href={`/p/${v.work}`} id="note-link">
          {t("note.see")}
        </a>{" "}
        · <Link to="/">{t("note.new")}</Link>
      </p>
      {v.reason && <p className="hint">{v.reason}</p>}
      <Labels v={v} />
      {agreed && <Feedback work={v.work} />}
      <AllowedNow v={v} />
    </>
  );
}

/** TakeBack cancels what was set for later; the draft stays as it is. */
function TakeBack({ v }: { v: VersionView }) {
  const client = useQueryClient();
  const [error, setError] = useState("");
  const cancel = async () => {
    try {
      await call("POST", `/api/versions/${v.id}/withdraw`);
      await client.invalidateQueries({ queryKey: ["version", v.id] });
      await client.invalidateQueries({ queryKey: ["work", v.work] });
    } catch (e) {
      setError((e as Error).message);
    }
  };
  return (
    <>
      <Button id="take-back" onClick={() => void cancel()}>
        {t("confirm.take_back")}
      </Button>
      {error && <Alert type="error" role="alert" title={error} />}
    </>
  );
}

/** AllowedNow changes what a published note allows: open, then one click a use. */
function AllowedNow({ v }: { v: VersionView }) {
  const client = useQueryClient();
  const [uses, setUses] = useState(v.uses_now);
  const [error, setError] = useState("");
  const turn = async (use: string, allowed: boolean) => {
    try {
      setUses(await call<VersionView["uses_now"]>("PUT", `/api/works/${v.work}/uses/${use}`, { allowed }));
      setError("");
      void client.invalidateQueries({ queryKey: ["version", v.id] });
    } catch (e) {
      setError((e as Error).message);
    }
  };
  return (
    <section>
      <h3>{t("confirm.uses")}</h3>
      {error && <Alert type="error" title={error} role="alert" />}
      {uses.map((u) => (
        <Checkbox key={u.use} checked={u.chosen} onChange={(e) => void turn(u.use, e.target.checked)}>
          {tr("use", u.use)}
        </Checkbox>
      ))}
      {uses.some((u) => u.overruled) && <p className="hint">{t("confirm.overruled")}</p>}
    </section>
  );
}

function Feedback({ work }: { work: string }) {
  const [given, setGiven] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  if (given)
    return (
      <p className="hint" role="status">
        {t("feedback.thanks")}
      </p>
    );
  const give = async (answer: string) => {
    setBusy(true);
    setError("");
    try {
      await call("PUT", `/api/works/${work}/feedback`, { answer });
      setGiven(true);
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <p className="row">
        {t("feedback.ask")}
        {(["smooth", "soso", "rough"] as const).map((a) => (
          <Button key={a} size="small" disabled={busy} onClick={() => void give(a)}>
            {tr("feedback", a)}
          </Button>
        ))}
      </p>
      {error && <Alert type="error" role="alert" title={error} />}
    </>
  );
}

/** why says what a face or voice was taken for; whose it is like is told nobody. */
const why = (f: Schemas["Finding"]): string[] =>
  f.facts?.by === "face" ? [t("refusal.by_face")] : f.facts?.by === "voice" ? [t("refusal.by_voice")] : [];

/** Refusal is the statement of reasons: what, where, by whom, and the appeal. */
function Refusal({ v }: { v: VersionView }) {
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [error, setError] = useState("");
  const s = v.statement;
  const appeal = async () => {
    try {
      await call("POST", `/api/versions/${v.id}/appeal`, { text });
      void client.invalidateQueries({ queryKey: ["version", v.id] });
    } catch (e) {
      setError((e as Error).message);
    }
  };
  return (
    <>
      <Alert type="warning" title={v.reason} />
      <ul className="checks" style={{ margin: "16px 0" }}>
        {s?.findings
          ?.filter((f) => f.detector !== "account") // who wrote it is no place in what she wrote
          .map((f, i) => (
            <li key={i} className="look">
              {[tr("risk", f.risk), place(f.field), ...why(f)].join(" · ")} {f.text && <mark>{f.text}</mark>}
            </li>
          ))}
      </ul>
      {s && (
        <p className="hint">
          {s.rule ? t("refusal.rule", tr("by", s.by), s.rule, s.policy.slice(0, 12)) : tr("by", s.by)}
        </p>
      )}
      {s?.claim ? (
        <Link to="/notices">{t("refusal.notice")}</Link>
      ) : s?.appeal ? (
        <Alert type="info" title={tr("appeal", s.appeal.outcome || "open")} />
      ) : (
        <>
          <Input.TextArea
            id="appeal"
            rows={3}
            value={text}
            maxLength={2000}
            placeholder={t("appeal.placeholder")}
            aria-label={t("appeal.title")}
            onChange={(e) => setText(e.target.value)}
          />
          {error && <Alert type="error" title={error} role="alert" />}
          <Button id="send-appeal" style={{ marginTop: 8 }} disabled={!text.trim()} onClick={() => void appeal()}>
            {t("appeal.send")}
          </Button>
        </>
      )}
    </>
  );
}
