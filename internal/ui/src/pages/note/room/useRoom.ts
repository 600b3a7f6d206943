import { useRef } from "react";
import type { Sheet } from "../../../api";
import type { useSheet } from "../useSheet";
import type { Page, Picture } from "./kinds";

export type Table = ReturnType<typeof useSheet>;

/** useRoom is the pages and pictures as they are typed now. Changes are made on the very
 * latest, also where two come in before the page is painted again. */
export function useRoom(s: Table, sheet: Sheet) {
  const d = sheet.draft;
  const pages = s.typed.pages ?? d.pages;
  const pictures = s.typed.pictures ?? d.pictures;
  const latest = useRef({ pages, pictures });
  latest.current = { pages, pictures };
  const change = (f: (now: { pages: Page[]; pictures: Picture[] }) => { pages?: Page[]; pictures?: Picture[] }) => {
    const e = f(latest.current);
    latest.current = { ...latest.current, ...e };
    s.edit(e);
  };
  return {
    pages,
    pictures,
    style: s.typed.style ?? d.style,
    brand: s.typed.brand ?? d.brand ?? {},
    latest,
    change,
    setPage: (n: number, p: Page) => change((now) => ({ pages: now.pages.map((was, i) => (i === n ? p : was)) })),
  };
}

export type Room = ReturnType<typeof useRoom>;
