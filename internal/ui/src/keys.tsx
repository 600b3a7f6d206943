import { useEffect, useId, useRef, useState } from "react";
import { t } from "./i18n";

export interface Key {
  key: string;
  label: string;
  /** run is what it does; a key that a field hears for itself has none. */
  run?: () => void;
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

/** registry holds the keys of what is on the page. */
const registry = new Set<{ current: Key[] }>();
const registered = () => [...registry].flatMap((r) => r.current);
const named = (name: string) => registered().find((k) => k.key.toLowerCase() === name.toLowerCase());

/** useKeys registers keys for as long as its component stands; it draws nothing. */
export function useKeys(keys: Key[]): null {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    registry.add(latest);
    return () => void registry.delete(latest);
  }, []);
  return null;
}

/** Keys hears the keys of every page, and shows them when `?` is pressed. Typing in a field is
 * never a key, a key kept down is pressed once, and under the sheet no other key acts. */
export function Keys() {
  const sheet = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [listed, list] = useState<Key[]>([]);
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const at = e.target as HTMLElement;
      if (e.ctrlKey || e.metaKey || e.altKey || e.repeat) return;
      if (at.closest('input:not([type="checkbox"]), textarea, select, [contenteditable=true]')) return;
      const open = sheet.current?.open;
      if (e.key === "?" || e.key === "？") {
        if (open) return sheet.current?.close();
        list(registered());
        return sheet.current?.showModal();
      }
      const hit = open ? undefined : named(e.key);
      if (hit?.run) {
        e.preventDefault();
        hit.run();
      }
    };
    const onUp = (e: KeyboardEvent) => named(e.key)?.up?.();
    // A window that is left never hears that a key was let go.
    const onLeave = () => registered().forEach((k) => k.up?.());
    window.addEventListener("keydown", onKey);
    window.addEventListener("keyup", onUp);
    window.addEventListener("blur", onLeave);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("keyup", onUp);
      window.removeEventListener("blur", onLeave);
    };
  }, []);
  return (
    <dialog
      className="keys"
      ref={sheet}
      aria-labelledby={title}
      onClick={(e) => {
        if (e.target === e.currentTarget) e.currentTarget.close();
      }}
    >
      <div>
        <header className="row between">
          <h2 id={title}>{t("keys.title")}</h2>
          <button type="button" aria-label={t("keys.close")} onClick={() => sheet.current?.close()}>
            ×
          </button>
        </header>
        {listed.length === 0 ? (
          <p className="hint">{t("keys.none")}</p>
        ) : (
          <dl>
            {listed.map((k) => (
              <div key={k.key}>
                <dt>
                  <kbd>{k.key}</kbd>
                </dt>
                <dd>{k.label}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </dialog>
  );
}
