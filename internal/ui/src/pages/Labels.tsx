import { useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Input } from "antd";
import { useId, useState } from "react";
import { call, type Schemas, type VersionView } from "../api";
import { lang, place, t, tr } from "../i18n";
import { useUndo } from "./note/useUndo";
import { useHanded } from "./useHanded";

type LabelView = Schemas["LabelView"];
type Exhibit = Schemas["Exhibit"];

/** Labels are the parts of a version that carry an AI label: each with why it does, and the
 * way to challenge it. What only follows her own declaration is changed there, and folded. */
export function Labels({ v }: { v: VersionView }) {
  if (v.marked.length === 0) return null;
  const own = v.content.declaration.ai && !v.content.declaration.locked;
  return (
    <details className="why" open={v.marked.some((m) => m.appeal || m.signs.length > 0)}>
      <summary className="hint">{t("label.why", v.marked.length)}</summary>
      <ul className="labels">
        {v.marked.map((m) => (
          <li key={m.field}>
            <strong className="begins">{place(m.field)}</strong> <span className="notice">{tr("ai", m.state)}</span>{" "}
            <Because of={m} own={own} />
            {m.field === "sound" && m.waivable && <span className="hint"> {t("label.cue")}</span>}
            {m.appeal ? <Appealed of={m.appeal} /> : !(own && m.state === "may") && <Challenge v={v} of={m} />}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Because says why a part has its state. */
export function Because({ of, own }: { of: LabelView; own: boolean }) {
  const parts = of.signs.map((s) => t(`label.sign.${signOf(s.kind)}`, tr("protectedkind", s.says) || s.place));
  if (own && of.state === "may") parts.push(t("label.declared"));
  else if (of.words) parts.push(t("label.words"));
  return <span className="hint">{parts.join(" · ")}</span>;
}

const signOf = (kind: string): "gb45438" | "protected" | "source_type" | "trace" | "visible" =>
  kind === "source_type" || kind === "trace" || kind === "visible" || kind === "protected" ? kind : "gb45438";

function Appealed({ of }: { of: Schemas["LabelAppeal"] }) {
  return (
    <p className="hint" role="status">
      {of.outcome === "" ? t("label.waiting") : of.outcome === "upheld" ? t("label.upheld") : t("label.overturned")}
    </p>
  );
}

/** Challenge is the appeal of one label: her words and what proves them. */
function Challenge({ v, of }: { v: VersionView; of: LabelView }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { list, setList, busy, error, act, hand } = useHanded<Exhibit>(`/api/versions/${v.id}/exhibits`);
  const id = useId();
  const offer = useUndo();
  const { message } = AntApp.useApp();
  const remove = (e: Exhibit) => {
    const at = list.indexOf(e);
    const back = () => setList((was) => was.toSpliced(at, 0, e));
    setList((was) => was.filter((x) => x.id !== e.id));
    offer(
      t("label.removed", e.name || t("label.unnamed")),
      back,
      () =>
        void call("DELETE", `/api/versions/${v.id}/exhibits/${e.id}`).catch((err: Error) => {
          back();
          message.error(err.message);
        }),
    );
  };
  const send = () =>
    void act(async () => {
      await call("POST", `/api/versions/${v.id}/label-appeals`, {
        field: of.field,
        text,
        exhibits: list.map((e) => e.id),
      });
      await client.invalidateQueries({ queryKey: ["version", v.id] });
    });
  if (!open)
    return (
      <p>
        <button type="button" className="link" onClick={() => setOpen(true)}>
          {t("label.challenge")}
        </button>
      </p>
    );
  return (
    <div className="challenge">
      <label htmlFor={`${id}text`}>{t("label.challenge_text")}</label>
      <Input.TextArea
        id={`${id}text`}
        rows={3}
        value={text}
        maxLength={2000}
        autoFocus
        placeholder={t("label.challenge_hint")}
        onChange={(e) => setText(e.target.value)}
      />
      <label htmlFor={`${id}file`}>{t("label.evidence")}</label>
      <input
        id={`${id}file`}
        type="file"
        multiple
        disabled={busy}
        onChange={(e) => {
          hand(e.target.files);
          e.target.value = "";
        }}
      />
      <p className="hint">{t("label.evidence_hint")}</p>
      <Exhibits list={list} onRemove={busy ? undefined : remove} />
      {error && <Alert type="error" role="alert" title={error} />}
      <div className="row">
        <Button type="primary" loading={busy} disabled={!text.trim()} onClick={send}>
          {t("appeal.send")}
        </Button>
        <Button onClick={() => setOpen(false)}>{t("app.cancel")}</Button>
      </div>
    </div>
  );
}

/** Exhibits are the files handed in: what each tells of its making; with a case's address
 * pictures are shown. What is not sent yet can be taken out again. */
export function Exhibits({
  list,
  at,
  onRemove,
}: {
  list: Exhibit[];
  at?: string;
  onRemove?: ((e: Exhibit) => void) | undefined;
}) {
  if (list.length === 0) return null;
  return (
    <ul className="exhibits">
      {list.map((e) => (
        <li key={e.id}>
          {at && e.shown && (
            <a href={`${at}/${e.id}`} target="_blank" rel="noreferrer" className="veiled">
              <img src={`${at}/${e.id}`} alt={e.name} />
            </a>
          )}
          <div>
            <bdi>{e.name || t("label.unnamed")}</bdi>
            <p className="hint">
              {facts(e).join(" · ")} ·{" "}
              <span className="whole">
                SHA-256 <code>{e.digest.slice(0, 12)}</code>
              </span>
            </p>
          </div>
          {onRemove && (
            <Button
              size="small"
              aria-label={t("label.remove", e.name || t("label.unnamed"))}
              onClick={() => onRemove(e)}
            >
              ×
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** facts are what a file tells of its making, in words. */
function facts(e: Exhibit): string[] {
  const f = e.facts;
  const out: string[] = [];
  if (f.camera) out.push(t("fact.camera", f.camera));
  if (f.taken) out.push(t("fact.taken", f.taken));
  if (f.program) out.push(t("fact.program", f.program));
  if (f.layers) out.push(t("fact.layers", f.layers));
  if (f.width && f.height) out.push(`${f.width}×${f.height}`);
  const [size, unit] = e.size < 1e3 ? [e.size, "B"] : e.size < 1e5 ? [e.size / 1e3, "KB"] : [e.size / 1e6, "MB"];
  out.push(`${new Intl.NumberFormat(lang(), { maximumFractionDigits: 1 }).format(size)} ${unit}`);
  return out;
}
