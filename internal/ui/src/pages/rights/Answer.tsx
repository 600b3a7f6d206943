import { t, tr } from "../../i18n";
import type { Choose, Chosen } from "./useChoose";
import type { Asked } from "./Why";
import { brief, ends, name, why, type Permission, type Row } from "./rights";

/** Place is where a cell stands in the grid. */
export interface Place {
  "data-row": number;
  "data-col": number;
  tabIndex: -1;
}

/** Acts is what every cell needs of the page. */
export interface Acts {
  choose: Choose;
  chosen: Chosen;
  ask: (a: Asked) => void;
  /** sign: what she allows is signed by her passkey. What she takes back never needs it. */
  sign: boolean;
}

/** Answer is one cell: a switch that shows her word, and under it in a word or two why it is
 * as it is. Where her yes does not hold, the switch is hollow. */
export function Answer({ row, p, acts, at }: { row: Row; p: Permission; acts: Acts; at?: Place }) {
  const sent = acts.chosen.get(name(row.work, p.use));
  const on = sent ? sent.allowed : p.chosen;
  const held = !sent && p.chosen && !p.allowed;
  const said = t("rights.cell", row.title, tr("use", p.use));
  const until = ends(p);
  const signed = !sent && p.set && p.evidence === "L3";
  const own = { set: true, level: row.work ? "work" : "account" }; // what was sent is a word of its own
  const turn = () =>
    acts.choose(
      [
        {
          work: row.work,
          use: p.use,
          was: sent ? { ...p, chosen: on, from: 0, until: 0, attribution: false, ...own } : p,
        },
      ],
      { allowed: !on, ...(!on && acts.sign ? { sign: true } : {}) },
      t(
        on ? "rights.denied" : "rights.allowed",
        tr("use", p.use),
        row.work ? t("rights.quoted", row.title) : row.title,
      ),
    );
  return (
    <span className="answer">
      <button
        type="button"
        role="switch"
        className={held ? "switch held" : "switch"}
        aria-checked={on}
        aria-busy={!!sent}
        aria-label={held ? `${said}. ${why(p)}` : said}
        onClick={turn}
        {...at}
      />
      <button
        type="button"
        className="brief"
        aria-haspopup="dialog"
        aria-label={`${until || brief(p)}. ${signed ? `${t("brief.signed")}. ` : ""}${t("rights.why")} ${said}`}
        title={[until, signed && t("brief.signed")].filter(Boolean).join(". ") || undefined}
        {...(at ? { tabIndex: -1 } : {})}
        onClick={(e) => acts.ask({ work: row.work, use: p.use, at: e.currentTarget })}
      >
        {signed && <Key />}
        {at ? brief(p) : until || brief(p)}
      </button>
    </span>
  );
}

/** Key marks what her passkey signed. */
function Key() {
  return (
    <svg className="signed" viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="3.5" cy="6" r="2.25" />
      <path d="M5.75 6H11v2M8.75 6v1.5" />
    </svg>
  );
}
