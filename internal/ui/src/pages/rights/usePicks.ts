import { useCallback, useMemo, useRef, useState } from "react";

/** Picks are the works ticked to be answered for together. */
export interface Picks {
  works: string[];
  all: boolean;
  has: (work: string) => boolean;
  /** pick ticks or unticks a work; a range does so with all from the last one on. */
  pick: (work: string, range: boolean) => void;
  toggleAll: () => void;
  clear: () => void;
}

/** usePicks keeps the ticks of works in the order they are shown; one no longer shown is not
 * ticked. */
export function usePicks(shown: string[]): Picks {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const order = useRef(shown);
  order.current = shown;
  const last = useRef("");
  const pick = useCallback((work: string, range: boolean) => {
    const list = order.current;
    const [from, to] = [list.indexOf(range ? last.current : work), list.indexOf(work)];
    const span = from < 0 ? [work] : list.slice(Math.min(from, to), Math.max(from, to) + 1);
    last.current = work;
    setTicked((was) => {
      const now = new Set(was);
      const off = was.has(work);
      for (const w of span) {
        if (off) now.delete(w);
        else now.add(w);
      }
      return now;
    });
  }, []);
  return useMemo(() => {
    const works = shown.filter((w) => ticked.has(w));
    const all = works.length > 0 && works.length === shown.length;
    return {
      works,
      all,
      pick,
      has: (w) => ticked.has(w),
      toggleAll: () => setTicked(new Set(all ? [] : shown)),
      clear: () => setTicked(new Set()),
    };
  }, [shown, ticked, pick]);
}
