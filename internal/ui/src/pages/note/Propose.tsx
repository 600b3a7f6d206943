import { Button, Input } from "antd";
import { useState } from "react";
import type { Sheet } from "../../api";
import { t } from "../../i18n";
import { Field } from "./Field";

/** Proposals are the writer's titles; one click takes one. */
export function Proposals({
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
  const [open, setOpen] = useState(false);
  const list = sheet.proposals.titles;
  if (list.length === 0) return null;
  const shown = open ? list : list.slice(0, 3);
  return (
    <div style={{ marginTop: 8 }}>
      <div className="row">
        <Button type="link" size="small" style={{ padding: 0 }} onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? t("note.fewer") : t("note.proposals", list.length)}
        </Button>
        <Button type="link" size="small" onClick={onAgain}>
          {t("note.again")}
        </Button>
      </div>
      <div className="proposals">
        {shown.map((x) => (
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
    </div>
  );
}

/** Asks are the writer's questions; an answer goes into the note. */
export function Asks({ sheet, onAnswer }: { sheet: Sheet; onAnswer: (a: Sheet["draft"]["answers"]) => void }) {
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
