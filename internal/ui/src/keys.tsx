import { Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { t } from "./i18n";

export interface Key {
  key: string;
  label: string;
  run: () => void;
  /** up is run when a key that is held is let go. */
  up?: () => void;
}

/** arrow is where an arrow key moves what has the focus, in thousandths of its box: by 10,
 * with Shift by 50. */
export function arrow(e: React.KeyboardEvent): { dx: number; dy: number } | undefined {
  const step = e.shiftKey ? 50 : 10;
  if (e.key === "ArrowLeft") return { dx: -step, dy: 0 };
  if (e.key === "ArrowRight") return { dx: step, dy: 0 };
  if (e.key === "ArrowUp") return { dx: 0, dy: -step };
  if (e.key === "ArrowDown") return { dx: 0, dy: step };
}

/** useKeys registers a page's keys; `?` shows them. Typing in a field is never a key. */
export function useKeys(keys: Key[]): React.ReactNode {
  const latest = useRef(keys);
  latest.current = keys;
  const [shown, show] = useState(false);
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const at = e.target as HTMLElement;
      if (e.ctrlKey || e.metaKey || e.altKey || at.closest("input, textarea, select, [contenteditable=true]")) return;
      if (e.key === "?") return show(true);
      const hit = latest.current.find((k) => k.key.toLowerCase() === e.key.toLowerCase());
      if (hit) {
        e.preventDefault();
        hit.run();
      }
    };
    const onUp = (e: KeyboardEvent) => latest.current.find((k) => k.key.toLowerCase() === e.key.toLowerCase())?.up?.();
    window.addEventListener("keydown", onKey);
    window.addEventListener("keyup", onUp);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("keyup", onUp);
    };
  }, []);
  return (
    <Modal open={shown} onCancel={() => show(false)} footer={null} title={t("keys.title")}>
      <dl className="keys">
        {keys.map((k) => (
          <div key={k.key}>
            <dt>
              <kbd>{k.key}</kbd>
            </dt>
            <dd>{k.label}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
