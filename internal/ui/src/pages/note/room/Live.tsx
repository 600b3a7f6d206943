import { Button } from "antd";
import { useRef } from "react";
import { t } from "../../../i18n";
import { arrow } from "../../../keys";
import { maxCallouts, type Callout, type Page } from "./kinds";
import { useDrawn, type Drawing } from "./useDrawn";

/** within keeps a point a little inside the page, in thousandths. */
const within = (v: number): number => Math.max(20, Math.min(980, v));

/** Live is the page as it will look, redrawn while it is typed. Where points are set, a
 * click puts one, and each can be dragged or moved by arrows. */
export function Live({
  work,
  drawing,
  pointing,
  onChange,
}: {
  work: string;
  drawing: Drawing;
  pointing: boolean;
  onChange: (p: Page) => void;
}) {
  const { url, error, again } = useDrawn(work, drawing, false, 80);
  const box = useRef<HTMLDivElement>(null);
  const { page } = drawing;
  const points = page.callouts ?? [];
  const place = (e: { clientX: number; clientY: number }): { x: number; y: number } => {
    const r = box.current?.getBoundingClientRect();
    if (!r) return { x: 500, y: 500 };
    const thousandth = (v: number) => within(Math.round(v * 1000));
    return { x: thousandth((e.clientX - r.left) / r.width), y: thousandth((e.clientY - r.top) / r.height) };
  };
  const set = (list: Callout[]) => onChange({ ...page, callouts: list });
  const move = (i: number, to: { x: number; y: number }) => set(points.map((c, k) => (k === i ? { ...c, ...to } : c)));
  return (
    <div className={pointing ? "live wide-open" : "live"} ref={box}>
      {url ? (
        <img
          src={url}
          id="live"
          alt={t("pages.live", drawing.index + 1)}
          className={pointing ? "pointing" : ""}
          onClick={(e) => pointing && points.length < maxCallouts && set([...points, { ...place(e), text: "" }])}
        />
      ) : (
        <span className="sketch" role="status" aria-label={t("pages.drawing")} />
      )}
      {pointing &&
        points.map((c, i) => (
          <button
            type="button"
            key={i}
            className="point"
            aria-label={t("pages.point", i + 1, c.text)}
            style={{ left: `${c.x / 10}%`, top: `${c.y / 10}%` }}
            onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
            onPointerMove={(e) => e.currentTarget.hasPointerCapture(e.pointerId) && move(i, place(e))}
            onKeyDown={(e) => {
              const by = arrow(e);
              if (by) {
                e.preventDefault();
                move(i, { x: within(c.x + by.dx), y: within(c.y + by.dy) });
              }
              if (e.key === "Delete") set(points.filter((_, k) => k !== i));
            }}
          />
        ))}
      {error && (
        <p className="over" role="alert">
          {error} <Button onClick={again}>{t("pages.again")}</Button>
        </p>
      )}
    </div>
  );
}
