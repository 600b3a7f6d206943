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
