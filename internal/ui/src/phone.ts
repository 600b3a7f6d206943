import { useSyncExternalStore } from "react";

const phone = window.matchMedia("(max-width: 719px)");

/** usePhone says that the window is as narrow as a phone: a table becomes cards there. */
export const usePhone = (): boolean =>
  useSyncExternalStore(
    (f) => {
      phone.addEventListener("change", f);
      return () => phone.removeEventListener("change", f);
    },
    () => phone.matches,
  );
