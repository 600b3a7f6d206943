import { Button, Input } from "antd";
import { useState } from "react";
import type { Schemas, Sheet } from "../../api";
import { t, tr } from "../../i18n";
import { Field } from "./Field";
import { measure } from "./Words";

type Merit = Schemas["Merit"];

/** Lacking says what a title could still have; nothing where it has all. */
export function Lacking({ marks }: { marks: Merit[] }) {
  const missing = marks.filter((m) => !m.has);
  if (marks.length === 0) return null;
  return (
    <p className="hint merits" role="status">
      {missing.length === 0
        ? t("merit.all")
        : t(
            "merit.lacks",
            missing.map((m) => tr("merit", m.code) + (m.like ? t("merit.like", m.like) : "")).join(t("merit.joint")),
          )}
    </p>
  );
}

/** lineWidth is how many Han characters a line of the feed takes. */
const lineWidth = 19;

/** Lead is how the feed cuts the first two lines of a text. */
export function Lead({ body }: { body: string }) {
  const lines = body.split("\n").filter((l) => l.trim());
  if (measure(body) <= 2 * lineWidth && lines.length <= 2) return null;
  const cut = lines.slice(0, 2).map((l) => {
    let s = "";
    for (const c of l) {
      if (measure(s + c) > lineWidth) return `${s}…`;
      s += c;
    }
    return s;
  });
  return <p className="hint merits">{t("note.lead", cut.join(" / "))}</p>;
}

/** Proposals are the writer's titles; one click takes one. */
export function Proposals({
  sheet,
  title,
  onPick,
  onAgain,
}: {
  sheet: Pick<Sheet, "proposals">;
  title: string;
  onPick: (v: string) => void;
  onAgain?: () => void;
}) {
  const [open, setOpen] = useState(!onAgain);
  const list = sheet.proposals.titles;
  if (list.length === 0) return null;
  const shown = open ? list : list.slice(0, 3);
  return (
    <div style={{ marginTop: 8 }}>
      {onAgain && (
        <div className="row">
          <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(!open)} aria-expanded={open}>
            {open ? t("note.fewer") : t("note.proposals", list.length)}
          </Button>
          <Button type="link" size="small" id="again-title" style={{ padding: 0 }} onClick={onAgain}>
            {t("note.again")}
          </Button>
        </div>
      )}
      <div className="proposals">
        {shown.map((x) => {
          const missing = x.marks.filter((m) => !m.has);
          return (
            <button
              type="button"
              className="proposal"
              key={x.text}
              aria-pressed={x.text === title}
              title={[x.why, ...missing.map((m) => t("merit.lacks", tr("merit", m.code)))].join("\n")}
              onClick={() => onPick(x.text)}
            >
              <span>
                {x.text}
                {x.rests.length > 0 && <small className="rests">{x.why}</small>}
              </span>
              <small>
                {x.added.length > 0 ? t("note.added", x.added.join(" ")) : t("note.yours")} ·{" "}
                {t("merit.count", x.marks.length - missing.length, x.marks.length)}
              </small>
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** Topics are tags of the community her words support, with how often they are used and
 * why; one click adds one. */
export function Topics({
  sheet,
  tags,
  max,
  onAdd,
  onAgain,
}: {
  sheet: Sheet;
  tags: string[];
  max: number;
  onAdd: (tag: string) => void;
  onAgain: () => void;
}) {
  const offered = sheet.proposals.tags.filter((x) => !tags.includes(x.name));
  return (
    <div className="chips">
      {offered.map((x) => (
        <button
          type="button"
          key={x.name}
          className="chip"
          disabled={tags.length >= max}
          title={x.why}
          onClick={() => onAdd(x.name)}
        >
          + #{x.name}{" "}
          <small>
            {x.uses > 0 ? t("tag.uses", x.uses) : t("tag.unused")} · {x.why}
          </small>
        </button>
      ))}
      <Button type="link" size="small" id="again-tags" onClick={onAgain}>
        {t("tag.again")}
      </Button>
    </div>
  );
}

/** Asks are the writer's questions; an answer goes into the note. */
export function Asks({
  asks,
  given,
  onAnswer,
}: {
  asks: Sheet["proposals"]["asks"];
  given: Sheet["draft"]["answers"];
  onAnswer: (a: Sheet["draft"]["answers"]) => void;
}) {
  const [texts, setTexts] = useState<Record<string, string>>({});
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
        <div key={a.slot} className="ask">
          <label htmlFor={`ask-${a.slot}`}>{a.text}</label>
          <Input
            id={`ask-${a.slot}`}
            value={texts[a.slot] ?? ""}
            maxLength={200}
            placeholder={a.why}
            onChange={(e) => setTexts({ ...texts, [a.slot]: e.target.value })}
            onPressEnter={() => send(a.slot)}
            onBlur={() => send(a.slot)}
          />
        </div>
      ))}
    </Field>
  );
}
