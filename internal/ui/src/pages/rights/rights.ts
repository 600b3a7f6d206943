import type { Schemas } from "../../api";
import { day, moment, t, tr } from "../../i18n";

export type Permission = Schemas["Permission"];
export type Act = Schemas["RightsAct"];
export type Table = Schemas["RightsTable"];

/** groups are the uses as a creator thinks of them, in the order the server lists them. */
export const groups = [
  { name: "seen", uses: ["index", "recommend"] },
  { name: "cited", uses: ["retrieve"] },
  { name: "train", uses: ["train.text", "train.image", "train.video", "train.audio"] },
  { name: "like", uses: ["style", "voice", "likeness"] },
  { name: "trade", uses: ["commercial", "third.party"] },
] as const;

/** columns are all uses. */
export const columns: string[] = groups.flatMap((g) => [...g.uses]);

/** Row is what the table answers for: a work, or with work "" all without a word of their own. */
export interface Row {
  work: string;
  title: string;
  released: number;
  uses: Permission[];
}

/** rowOf makes every work's row, and the account's, of one shape. */
export const rowOf = (uses: Permission[], w?: Schemas["RightsWork"]): Row => ({
  work: w?.work ?? "",
  title: w ? w.title || t("rights.untitled") : t("rights.all"),
  released: w?.released ?? 0,
  uses,
});

/** Choice is one answer as the server takes it. */
export interface Choice {
  works: string[];
  uses: string[];
  allowed: boolean;
  from?: number;
  until?: number;
  attribution?: boolean;
  /** sign: her passkey signs it; of one work, or of all. */
  sign?: boolean;
}

/** Cell is one use of one row, and her word for it before she changes it. */
export interface Cell {
  work: string;
  use: string;
  was: Pick<Permission, "chosen" | "from" | "until" | "attribution" | "set" | "level">;
}

/** spoken says that a cell had a word of its own before: otherwise it cannot be as it was, since the
 * ledger has no leaf that says nothing. */
export const spoken = ({ work, was }: Cell): boolean => was.set && was.level === (work ? "work" : "account");

/** name is a cell's among all. */
export const name = (work: string, use: string): string => `${work}/${use}`;

/** opposite is what brings cells back to her former word for each, in as few answers as it
 * takes. A cell nobody had decided becomes a no: see spoken. */
export function opposite(cells: Cell[]): Choice[] {
  const byWork = new Map<string, Map<string, string[]>>();
  for (const { work, use, was } of cells) {
    const terms = JSON.stringify(
      was.chosen
        ? { allowed: true, from: was.from, until: was.until, attribution: was.attribution }
        : { allowed: false },
    );
    const words = byWork.get(work) ?? new Map<string, string[]>();
    byWork.set(work, words.set(terms, [...(words.get(terms) ?? []), use]));
  }
  const alike = new Map<string, Choice>();
  for (const [work, words] of byWork)
    for (const [terms, uses] of words) {
      const key = `${terms} ${uses.join()}`;
      const c = alike.get(key) ?? { works: [], uses, ...(JSON.parse(terms) as { allowed: boolean }) };
      if (work) c.works.push(work);
      alike.set(key, c);
    }
  return [...alike.values()];
}

/** ends is until when a yes holds, "" where it is for good. */
export const ends = (p: Permission): string =>
  p.reason === "granted" && p.until ? t("receipts.until", day(p.until - 1)) : "";

/** brief is why a cell is as it is, in a word or two that stand in a column of the grid. */
export function brief(p: Permission): string {
  if (p.reason === "protected") return t(p.what === "no_ai" ? "brief.switch" : "brief.protected");
  if (p.reason === "granted" && p.until) return t("brief.until");
  if (p.reason === "granted" || p.reason === "revoked") return tr("brief", p.level);
  return tr("brief", p.reason);
}

/** why is the sentence that says why a cell is as it is. */
export function why(p: Permission): string {
  if (p.reason === "protected") return tr("protected", p.what);
  if (p.reason === "not_yet") return t("why.not_yet", moment(p.from));
  if (p.reason === "expired") return t("why.expired", moment(p.until));
  return tr("why", p.reason);
}
