import type { Check, Run } from "../../api";
import { t } from "../../i18n";

/** Words is a text field that shows under the words where they come from and what a
 * check found, as soon as they are saved. */
export function Words(p: {
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

/** measure is the platform's title length, for the moment between typing and saving: a
 * UTF-16 unit up to 127 weighs one, any other two; half of it, rounded up. */
export function measure(s: string): number {
  let sum = 0;
  for (let i = 0; i < s.length; i++) sum += s.charCodeAt(i) <= 127 ? 1 : 2;
  return Math.ceil(sum / 2);
}
