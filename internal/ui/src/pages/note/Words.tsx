import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Check, Run } from "../../api";
import { t } from "../../i18n";
import { bytes } from "../../utf8";

/** Stretch is what is selected of a field, in UTF-16 units. */
export interface Stretch {
  from: number;
  to: number;
}

/** Words is a text field that shows under the words where they come from and what a
 * check found. Where something is selected, its tools stand beside it: after the field in
 * the order of focus, so that Tab reaches them. */
export function Words(p: {
  id: string;
  line?: boolean;
  value: string;
  saved: string;
  runs: Run[];
  checks: Check[];
  foreign?: boolean;
  tools?: (s: Stretch) => React.ReactNode;
  onChange: (v: string) => void;
}) {
  const under = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [picked, setPicked] = useState<Stretch>();
  const [place, setPlace] = useState({ top: 0, left: 0 });
  const shown = p.value === p.saved ? spans(p.runs, p.checks, p.id) : [{ text: p.value, name: "" }];

  useLayoutEffect(() => {
    const box = under.current;
    const at = box && picked && edge(box, picked.to);
    if (!box || !at) return;
    const home = box.getBoundingClientRect();
    const wide = bar.current?.offsetWidth ?? 120;
    setPlace({
      top: at.bottom - home.top + box.offsetTop + 4,
      left: Math.max(0, Math.min(at.left - home.left - wide / 2, home.width - wide)),
    });
  }, [picked, p.value]);
  useEffect(() => setPicked(undefined), [p.value]);
  const pick = () => {
    if (!field.current) return;
    const { selectionStart: from, selectionEnd: to } = field.current;
    setPicked(to > from ? { from, to } : undefined);
  };
  useEffect(() => {
    // Keys, mouse and touch all end in this event; React's onSelect misses touch handles.
    const on = () => {
      if (document.activeElement === field.current) pick();
    };
    document.addEventListener("selectionchange", on);
    return () => document.removeEventListener("selectionchange", on);
  }, []);

  return (
    <div className={["words", p.line ? "line" : "", p.foreign ? "foreign" : ""].join(" ").trim()}>
      <div className="under" aria-hidden="true" ref={under}>
        {shown.map((x, i) => (
          <span key={i} className={x.name}>
            {x.text}
          </span>
        ))}
      </div>
      <textarea
        ref={field}
        id={p.id}
        value={p.value}
        rows={p.line ? 1 : 8}
        aria-label={p.id === "title" ? t("note.title") : t("note.body")}
        spellCheck={false}
        onChange={(e) => p.onChange(e.target.value)}
        // The last selectionchange may come after the focus has gone to the tools.
        onBlur={pick}
        onKeyDown={(e) => {
          if (e.key === "j" && (e.ctrlKey || e.metaKey) && picked) {
            e.preventDefault();
            bar.current?.querySelector("button")?.focus();
          }
        }}
      />
      {picked && p.tools && (
        <div className="tools" style={place} ref={bar}>
          {p.tools(picked)}
        </div>
      )}
    </div>
  );
}

/** edge is where the character before an offset of a box's text stands. */
function edge(box: HTMLElement, offset: number): DOMRect | undefined {
  const walk = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const length = n.textContent?.length ?? 0;
    if (left <= length) {
      const range = document.createRange();
      range.setStart(n, Math.max(0, left - 1));
      range.setEnd(n, left);
      return range.getBoundingClientRect();
    }
    left -= length;
  }
}

/** spans cuts a text at every border of a run or a finding. Checks count bytes of UTF-8. */
function spans(runs: Run[], checks: Check[], field: string): { text: string; name: string }[] {
  const out: { text: string; name: string }[] = [];
  const places = checks.filter((c) => c.field === field && c.end > c.start);
  let at = 0;
  for (const r of runs) {
    const origin = r.origin === "person" ? "" : `by-${r.origin}`;
    if (places.length === 0) {
      out.push({ text: r.text, name: origin });
      continue;
    }
    for (const c of r.text) {
      const found = places.some((f) => at >= f.start && at < f.end);
      const name = [origin, found ? "found" : ""].join(" ").trim();
      const last = out.at(-1);
      if (last && last.name === name) last.text += c;
      else out.push({ text: c, name });
      at += bytes(c);
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
