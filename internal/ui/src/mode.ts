import { useSyncExternalStore } from "react";

export type Mode = "light" | "dark";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function mode(): Mode {
  const kept = localStorage.getItem("mode");
  if (kept === "light" || kept === "dark") return kept;
  return system.matches ? "dark" : "light";
}

function apply(): void {
  document.documentElement.dataset.theme = mode();
  for (const f of listeners) f();
}

system.addEventListener("change", apply);
apply();

/** useMode is light or dark: the system's until a person chooses. */
export function useMode(): [Mode, (m: Mode) => void] {
  const m = useSyncExternalStore((f) => {
    listeners.add(f);
    return () => listeners.delete(f);
  }, mode);
  return [
    m,
    (next) => {
      localStorage.setItem("mode", next);
      apply();
    },
  ];
}
