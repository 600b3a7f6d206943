import { useEffect, useRef, useState } from "react";
import { t, tr } from "../../../i18n";
import { useDrawn, type Drawing } from "./useDrawn";

/** Outline is the carousel at a glance: chosen by click or arrow, moved by drag or by
 * Alt and an arrow. The cover stays the first. */
export function Outline({
  work,
  drawings,
  current,
  onChoose,
  onMove,
  onRemove,
}: {
  work: string;
  drawings: Drawing[];
  current: number;
  onChoose: (n: number) => void;
  onMove: (from: number, to: number) => void;
  onRemove: (n: number) => void;
}) {
  const [held, hold] = useState<number>();
  const [over, setOver] = useState<number>();
  const strip = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Not scrollIntoView: that would move the whole page to the strip.
    const box = strip.current?.getBoundingClientRect();
    const it = strip.current?.children[current]?.getBoundingClientRect();
    if (!box || !it) return;
    if (it.left < box.left) strip.current?.scrollBy(it.left - box.left, 0);
    else if (it.right > box.right) strip.current?.scrollBy(it.right - box.right, 0);
  }, [current, drawings.length]);
  const focus = (n: number) => {
    onChoose(n);
    // After the strip is painted anew: a moved page keeps the focus.
    window.requestAnimationFrame(() => strip.current?.querySelectorAll<HTMLElement>("button")[n]?.focus());
  };
  const key = (e: React.KeyboardEvent, i: number) => {
    const by = e.key === "ArrowLeft" ? -1 : e.key === "ArrowRight" ? 1 : 0;
    const to = i + by;
    if (by !== 0 && to >= 0 && to < drawings.length) {
      e.preventDefault();
      if (e.altKey && i > 0 && to > 0) onMove(i, to);
      if (!e.altKey || (i > 0 && to > 0)) focus(to);
    }
    if (e.key === "Delete" && i > 0) {
      e.preventDefault();
      onRemove(i);
    }
  };
  return (
    <ol className="outline" ref={strip} aria-label={t("note.pages")}>
      {drawings.map((d, i) => (
        <li
          key={i}
          className={over === i && held !== undefined && held !== i ? "over" : ""}
          onDragOver={(e) => {
            if (held === undefined || i === 0) return;
            e.preventDefault();
            setOver(i);
          }}
          onDrop={(e) => {
            if (held === undefined) return;
            e.preventDefault();
            e.stopPropagation();
            if (i > 0) onMove(held, i);
            hold(undefined);
            setOver(undefined);
          }}
        >
          <button
            type="button"
            className="tile"
            id={`page-${i + 1}`}
            aria-pressed={i === current}
            aria-label={`${i + 1} ${tr("pagekind", d.page.kind)}${d.page.title ? `，${d.page.title}` : ""}`}
            draggable={i > 0}
            onDragStart={(e) => {
              e.dataTransfer.effectAllowed = "move";
              e.dataTransfer.setData("text/plain", String(i + 1));
              hold(i);
            }}
            onDragEnd={() => {
              hold(undefined);
              setOver(undefined);
            }}
            onClick={() => onChoose(i)}
            onKeyDown={(e) => key(e, i)}
          >
            <Small work={work} drawing={d} />
            <span className="name">
              <b>{i + 1}</b> {tr("pagekind", d.page.kind)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Small({ work, drawing }: { work: string; drawing: Drawing }) {
  const { url, error } = useDrawn(work, drawing, true, 350);
  if (!url) return <span className={error ? "sketch failed" : "sketch"}>{error ? "!" : ""}</span>;
  return <img src={url} alt="" width="96" height="128" draggable={false} />;
}
