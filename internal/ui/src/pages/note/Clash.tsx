import { Button } from "antd";
import { useState } from "react";
import { t, tr } from "../../i18n";
import { apart, both, type Clash as Both, type Edit, torn, value, type Whose } from "./useSheet";

/** Clash shows what was changed here and elsewhere at once, field by field; nothing is sent
 * until she chose, and what she does not choose stays in the history. She may go on writing
 * meanwhile: what she chooses is whose words stay, not how they read when it came up. */
export function Clash({
  clash,
  mine,
  onSettle,
}: {
  clash: Both;
  mine: Edit;
  onSettle: (c: Partial<Record<keyof Edit, Whose>>) => void;
}) {
  const [chosen, choose] = useState<Partial<Record<keyof Edit, Whose>>>({});
  return (
    <div className="panel clash" role="alertdialog" aria-label={t("clash.title")}>
      <h2>{t("clash.title")}</h2>
      <p className="hint">{t("clash.why")}</p>
      {torn(mine, clash.base, clash.theirs).map((f) => {
        const theirs = value(clash.theirs, f);
        // Of a long text only what differs is shown: the rest is the same whatever she chooses.
        const text = f === "body" ? apart(String(mine.body ?? ""), String(theirs ?? "")) : undefined;
        const shown = { mine: text?.mine, theirs: text?.theirs, both: text && both(text.mine, text.theirs) };
        const picks: { whose: Whose; v: unknown }[] = [
          { whose: "mine", v: mine[f] },
          { whose: "theirs", v: theirs },
          ...(f === "body" ? [{ whose: "both" as const, v: both(mine[f], theirs) }] : []),
        ];
        return (
          <fieldset key={f}>
            <legend>{tr("clash.field", f)}</legend>
            {picks.map((p) => (
              <label key={p.whose} className="pick">
                <input
                  type="radio"
                  name={`clash-${f}`}
                  checked={(chosen[f] ?? "mine") === p.whose}
                  onChange={() => choose({ ...chosen, [f]: p.whose })}
                />
                <span>
                  <strong>{tr("clash", p.whose)}</strong>
                  <span className="said">
                    {text?.head && <span className="hint">{t("clash.same")}</span>}
                    {said(shown[p.whose] ?? p.v)}
                    {text?.tail && <span className="hint">{t("clash.same")}</span>}
                  </span>
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
