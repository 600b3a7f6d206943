import { Button, Checkbox } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api";
import { t } from "../../i18n";
import { cutter } from "../../utf8";
import { Field } from "./Field";

type Arranged = Schemas["Arranged"];
type Choices = Schemas["Choices"];

/** Reading is how the writer read her material: who of a chat she is, what could be worked
 * out, what was left out, and what needs a note of its own. Each choice arranges anew. */
export function Reading({
  idea,
  read,
  choices,
  onChoose,
  onRest,
}: {
  idea: string;
  read: Arranged;
  choices: Choices;
  onChoose: (c: Choices) => void;
  onRest?: (rest: string) => void;
}) {
  return (
    <>
      {read.chat && <Speakers chat={read.chat} choices={choices} onChoose={onChoose} />}
      {read.derived.length > 0 && (
        <Field label={t("read.derived")}>
          {read.derived.map((d) => (
            <Checkbox
              key={d.code}
              checked={d.ticked}
              onChange={(e) =>
                onChoose({
                  ...choices,
                  derived: [
                    ...(choices.derived ?? []).filter((c) => c !== d.code),
                    ...(e.target.checked ? [d.code] : []),
                  ],
                })
              }
            >
              {d.text} <span className="hint">{d.sum}</span>
            </Checkbox>
          ))}
        </Field>
      )}
      {read.cut.length > 0 && <Struck idea={idea} read={read} />}
      {read.rest > 0 && (
        <div className="field">
          <p className="hint" style={{ margin: 0 }}>
            {t("read.rest", Array.from(cutter(idea)(read.rest)).length)}
          </p>
          {onRest && (
            <Button size="small" id="next-note" onClick={() => onRest(cutter(idea)(read.rest))}>
              {t("read.next")}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Speakers({
  chat,
  choices,
  onChoose,
}: {
  chat: Schemas["Chat"];
  choices: Choices;
  onChoose: (c: Choices) => void;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? chat.lines : chat.lines.slice(0, 4);
  return (
    <Field label={t("read.who")}>
      <div className="chips" role="radiogroup" aria-label={t("read.who")}>
        {chat.speakers.map((p) => (
          <button
            type="button"
            key={p.name}
            className="chip"
            role="radio"
            aria-checked={p.name === chat.me}
            title={p.first}
            onClick={() => onChoose({ ...choices, me: p.name, lines: [] })}
          >
            {p.name} <small>{t("read.said", p.lines)}</small>
          </button>
        ))}
      </div>
      {!chat.told && <p className="hint">{t("read.guess", chat.me)}</p>}
      {chat.lines.length > 0 && (
        <>
          <p className="hint">{t("read.others")}</p>
          {shown.map((l) => (
            <Checkbox
              key={l.n}
              checked={l.taken}
              style={{ display: "flex" }}
              onChange={(e) =>
                onChoose({
                  ...choices,
                  me: chat.me,
                  lines: [...(choices.lines ?? []).filter((n) => n !== l.n), ...(e.target.checked ? [l.n] : [])],
                })
              }
            >
              <span className="hint">{l.name}</span> {l.text}
            </Checkbox>
          ))}
          {chat.lines.length > 4 && (
            <Button type="link" size="small" onClick={() => setAll(!all)} aria-expanded={all}>
              {all ? t("note.fewer") : t("read.all", chat.lines.length)}
            </Button>
          )}
        </>
      )}
    </Field>
  );
}

/** Struck shows her words with what was left out struck through. */
function Struck({ idea, read }: { idea: string; read: Arranged }) {
  const [open, setOpen] = useState(false);
  const parts: React.ReactNode[] = [];
  const text = cutter(idea);
  let at = 0;
  for (const c of [...read.cut].sort((a, b) => a.start - b.start)) {
    if (c.start < at) continue;
    parts.push(text(at, c.start), <del key={c.start}>{text(c.start, c.end)}</del>);
    at = c.end;
  }
  parts.push(text(at));
  return (
    <Field label={t("read.cut", read.cut.length)}>
      {open ? (
        <p className="struck">{parts}</p>
      ) : (
        <p className="struck">
          {read.cut.slice(0, 12).map((c) => (
            <span key={c.start}>
              <del>{c.text.trim()}</del>{" "}
            </span>
          ))}
        </p>
      )}
      <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(!open)} aria-expanded={open}>
        {open ? t("note.fewer") : t("read.whole")}
      </Button>
    </Field>
  );
}
