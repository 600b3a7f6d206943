import { Button, Modal, Slider } from "antd";
import { useRef, useState } from "react";
import type { Schemas } from "../../../api";
import { t } from "../../../i18n";
import { arrow } from "../../../keys";

type Box = Schemas["Crop"];

const closest = 5; // times as near as the whole picture

/** Crop chooses the part of a picture a page shows, in the proportions of its place. The
 * picture itself is never changed. Drag, or arrows; the slider, or plus and minus. */
export function Crop({
  asset,
  ratio,
  value,
  onChange,
  onClose,
}: {
  asset: string;
  ratio: number;
  value?: Box | undefined;
  onChange: (c: Box | undefined) => void;
  onClose: () => void;
}) {
  const [natural, setNatural] = useState<number>(); // width by height
  const [near, setNear] = useState(1);
  const [centre, setCentre] = useState({ x: 500, y: 500 });
  const pane = useRef<HTMLDivElement>(null);
  // The largest part of the place's proportions, in thousandths of the picture's sides.
  const whole =
    natural === undefined
      ? { w: 1000, h: 1000 }
      : natural > ratio
        ? { w: (1000 * ratio) / natural, h: 1000 }
        : { w: 1000, h: (1000 * natural) / ratio };
  const w = whole.w / near;
  const h = whole.h / near;
  const hold = (v: number, half: number) => Math.max(half, Math.min(1000 - half, v));
  const x = hold(centre.x, w / 2) - w / 2;
  const y = hold(centre.y, h / 2) - h / 2;
  const move = (dx: number, dy: number) =>
    setCentre({ x: hold(x + w / 2 + dx, w / 2), y: hold(y + h / 2 + dy, h / 2) });
  const key = (e: React.KeyboardEvent) => {
    const by = arrow(e);
    if (by) {
      e.preventDefault();
      move(by.dx, by.dy);
    }
    if (e.key === "+" || e.key === "=") setNear(Math.min(closest, near + 0.1));
    if (e.key === "-") setNear(Math.max(1, near - 0.1));
  };
  const done = () => {
    const box = { x: Math.round(x), y: Math.round(y), w: Math.max(1, Math.floor(w)), h: Math.max(1, Math.floor(h)) };
    onChange({ ...box, x: Math.min(box.x, 1000 - box.w), y: Math.min(box.y, 1000 - box.h) });
  };
  return (
    <Modal
      open
      onCancel={onClose}
      title={t("photo.crop")}
      footer={
        <span className="row end">
          <Button onClick={() => onChange(undefined)}>{t("photo.whole")}</Button>
          <Button type="primary" id="crop-done" onClick={done}>
            {t("photo.crop_done")}
          </Button>
        </span>
      }
    >
      <div className="cropper" ref={pane}>
        <img
          src={`/api/assets/${asset}?small=1`}
          alt=""
          draggable={false}
          onLoad={(e) => {
            const n = e.currentTarget.naturalWidth / e.currentTarget.naturalHeight;
            setNatural(n);
            if (!value) return;
            const most = n > ratio ? (1000 * ratio) / n : 1000;
            setNear(Math.max(1, Math.min(closest, most / value.w)));
            setCentre({ x: value.x + value.w / 2, y: value.y + value.h / 2 });
          }}
        />
        <div
          className="window"
          id="crop-window"
          tabIndex={0}
          role="application"
          aria-label={t("photo.crop_hint")}
          style={{ left: `${x / 10}%`, top: `${y / 10}%`, width: `${w / 10}%`, height: `${h / 10}%` }}
          onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
          onPointerMove={(e) => {
            const r = pane.current?.getBoundingClientRect();
            if (r && e.currentTarget.hasPointerCapture(e.pointerId))
              move((e.movementX / r.width) * 1000, (e.movementY / r.height) * 1000);
          }}
          onKeyDown={key}
        />
      </div>
      <label className="part">
        <span>{t("photo.near")}</span>
        <Slider min={1} max={closest} step={0.05} value={near} onChange={setNear} tooltip={{ open: false }} />
      </label>
      <p className="hint">{t("photo.crop_hint")}</p>
    </Modal>
  );
}
