import { useEffect, useState } from "react";
import { lang } from "../../../i18n";
import type { Page } from "./kinds";

/** Drawing is a page as it is typed, to be drawn without saving it. */
export interface Drawing {
  style: string;
  brand: { accent?: string; sign?: string };
  page: Page;
  index: number;
  total: number;
}

/** drawn keeps the last pictures by what they were drawn of, so that going back is at once. */
const drawn = new Map<string, string>();
const mostDrawn = 60;

function remember(key: string, url: string) {
  drawn.set(key, url);
  for (const [k, u] of drawn) {
    if (drawn.size <= mostDrawn) break;
    drawn.delete(k);
    URL.revokeObjectURL(u);
  }
}

/** useDrawn draws a page once typing rests for wait milliseconds. What is asked for again
 * meanwhile makes the answer before it stale: that one is dropped. */
export function useDrawn(work: string, d: Drawing, small: boolean, wait: number) {
  const body = JSON.stringify(d);
  const key = `${work} ${small} ${body}`;
  const [url, setUrl] = useState(() => drawn.get(key) ?? "");
  const [error, setError] = useState("");
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const ready = drawn.get(key);
    if (ready) {
      setUrl(ready);
      setError("");
      return;
    }
    const stop = new AbortController();
    let later = 0;
    const timer = window.setTimeout(() => {
      fetch(`/api/works/${work}/preview${small ? "?small=1" : ""}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept-Language": lang() },
        body,
        signal: stop.signal,
      })
        .then(async (res) => {
          if (res.status === 429) {
            // Asked too often: it comes by itself once there is room.
            later = window.setTimeout(() => setTries((n) => n + 1), 2000);
            return;
          }
          if (!res.ok) throw new Error(((await res.json()) as { detail?: string }).detail ?? res.statusText);
          const next = URL.createObjectURL(await res.blob());
          if (stop.signal.aborted) return URL.revokeObjectURL(next);
          remember(key, next);
          setUrl(next);
          setError("");
        })
        .catch((e: Error) => !stop.signal.aborted && setError(e.message));
    }, wait);
    return () => {
      window.clearTimeout(timer);
      window.clearTimeout(later);
      stop.abort();
    };
  }, [body, key, small, tries, wait, work]);
  return { url, error, again: () => setTries((n) => n + 1) };
}
