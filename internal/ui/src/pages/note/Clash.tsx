import { Button } from "antd";
import { useState } from "react";
import { t, tr } from "../../i18n";
import { type Clash as Both, type Edit, value } from "./useSheet";

/** Clash shows what was changed here and elsewhere at once, field by field; nothing is sent
 * until she chose, and what she does not choose stays in the history. */
export function Clash({ clash, onSettle }: { clash: Both; onSettle: (e: Edit) => void }) {
  const fields = (Object.keys(clash.mine) as (keyof Edit)[]).filter(
    (f) => JSON.stringify(clash.mine[f]) !== JSON.stringify(value(clash.theirs, f)),
  );
  const [chosen, choose] = useState<Edit>(clash.mine);
  const both = (f: keyof Edit) => `${String(clash.mine[f] ?? "")}\n\n${String(value(clash.theirs, f) ?? "")}`;
  return (
    <div className="panel clash" role="alertdialog" aria-label={t("clash.title")}>
      <h2>{t("clash.title")}</h2>
      <p className="hint">{t("clash.why")}</p>
      {fields.map((f) => {
        const picks: { name: string; v: unknown }[] = [
          { name: t("clash.mine"), v: clash.mine[f] },
          { name: t("clash.theirs"), v: value(clash.theirs, f) },
          ...(f === "body" ? [{ name: t("clash.both"), v: both(f) }] : []),
        ];
        return (
          <fieldset key={f}>
            <legend>{tr("clash.field", f)}</legend>
            {picks.map((p) => (
              <label key={p.name} className="pick">
                <input
                  type="radio"
                  name={`clash-${f}`}
                  checked={JSON.stringify(chosen[f]) === JSON.stringify(p.v)}
                  onChange={() => choose({ ...chosen, [f]: p.v })}
                />
                <span>
                  <strong>{p.name}</strong>
                  <span className="said">{said(p.v)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        );
      })}
      <Button type="primary" id="settle" onClick={() => onSettle(chosen)}>
        {t("clash.settle")}
      </Button>
    </div>
  );
}

/** said is a field's value in a few words. */
function said(v: unknown): string {
  if (typeof v === "string") return v || t("clash.empty");
  if (Array.isArray(v)) {
    if (v.every((x) => typeof x === "string")) return v.map((x) => `#${x}`).join(" ") || t("clash.empty");
    return t("clash.pages", v.length);
  }
  return t("clash.empty");
}
