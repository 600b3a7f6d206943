import type { Schemas } from "../../../api";

export type Page = Schemas["Page"];
export type Photo = Schemas["Photo"];
export type Callout = Schemas["Callout"];
export type Picture = Schemas["Picture"];

/** form is what a kind of page is written in. */
export type Form = "cover" | "lines" | "rows" | "photo";

interface Kind {
  kind: string;
  form: Form;
  /** columns name the cells of a row; a table has as many as it has. */
  columns?: number;
}

/** kinds are the kinds of page in the order one chooses them. */
export const kinds: Kind[] = [
  { kind: "text", form: "lines" },
  { kind: "list", form: "lines" },
  { kind: "checklist", form: "lines" },
  { kind: "facts", form: "rows", columns: 2 },
  { kind: "prices", form: "rows", columns: 3 },
  { kind: "table", form: "rows" },
  { kind: "step", form: "lines" },
  { kind: "timeline", form: "rows", columns: 2 },
  { kind: "ingredients", form: "rows", columns: 2 },
  { kind: "size", form: "rows", columns: 2 },
  { kind: "question", form: "lines" },
  { kind: "quote", form: "lines" },
  { kind: "photo", form: "photo" },
];

export const maxPhotos = 4;
export const maxCallouts = 9;

export function formOf(kind: string): Form {
  if (kind === "cover") return "cover";
  return kinds.find((k) => k.kind === kind)?.form ?? "lines";
}

export const columnsOf = (kind: string): number | undefined => kinds.find((k) => k.kind === kind)?.columns;

/** fresh is a new page of a kind. A step counts on from the steps before it. */
export function fresh(kind: string, before: Page[]): Page {
  if (kind !== "step") return { kind };
  return { kind, number: 1 + Math.max(0, ...before.filter((p) => p.kind === "step").map((p) => p.number ?? 0)) };
}

/** turned is a page of another kind with the same words: rows become lines and back. */
export function turned(page: Page, kind: string, before: Page[]): Page {
  const to = formOf(kind);
  const out: Page = { ...page, kind };
  if (to === "rows" && !page.rows?.length && page.lines?.length) {
    out.rows = page.lines.map((l) => {
      const at = l.search(/[：:]/);
      return at > 0 ? [l.slice(0, at), l.slice(at + 1).trim()] : [l, ""];
    });
    delete out.lines;
  }
  if (to === "lines" && page.rows?.length) {
    out.lines = [...page.rows.map((r) => r.filter((c) => c.trim()).join("：")), ...(page.lines ?? [])].filter(Boolean);
    delete out.rows;
  }
  if (kind === "step" && !page.number) out.number = fresh("step", before).number;
  return out;
}

/** shown are the pictures a page shows. */
export const shown = (p: Page): string[] =>
  p.photos?.length ? p.photos.map((f) => f.asset) : p.kind === "photo" && p.asset ? [p.asset] : [];

/** arrangement is the layout a page's photos have. */
export function arrangement(p: Page): string {
  const n = p.photos?.length ?? 0;
  if (n === 0) return "";
  if (n === 1) return p.layout === "framed" ? "framed" : "full";
  return n === 2 && p.layout === "compare" ? "compare" : "grid";
}

/** frame is the width by the height of photo i's place on a page of 1080×1440. */
export function frame(p: Page, i: number): number {
  const n = p.photos?.length ?? 1;
  switch (arrangement(p)) {
    case "framed":
      return 0.85;
    case "compare":
      return 534 / 1440;
    case "grid":
      if (n === 2) return 1080 / 714;
      return n === 3 && i === 0 ? 1080 / 852 : n === 3 ? 534 / 576 : 534 / 714;
    default:
      return 1080 / 1440;
  }
}
