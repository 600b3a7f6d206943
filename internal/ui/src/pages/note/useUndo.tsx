import { App as AntApp, Button } from "antd";
import { useEffect, useRef } from "react";
import { once } from "../../api";
import { t } from "../../i18n";

const undoFor = 5_000; // ms

/** useUndo offers to take an act back for five seconds. What can only be done for good waits
 * in done: it is run when the time is over, or when the page is left before; it hears which. */
export function useUndo() {
  const { message } = AntApp.useApp();
  const open = useRef(new Set<(left: boolean) => void>());
  useEffect(() => {
    const acts = open.current;
    const leave = () => [...acts].forEach((end) => end(true));
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
  return (said: string, back: () => void, done?: (left: boolean) => void) => {
    const key = once();
    const was = document.activeElement as HTMLElement | null;
    const close = () => {
      window.clearTimeout(timer);
      open.current.delete(end);
      message.destroy(key);
      if (done && document.activeElement?.closest(".undo-act") && was?.isConnected) was.focus();
    };
    const end = (left: boolean) => {
      close();
      done?.(left);
    };
    const timer = window.setTimeout(() => end(false), undoFor);
    open.current.add(end);
    void message.open({
      key,
      duration: 0,
      content: (
        <span className="row" role="status">
          {said}
          <Button
            className="undo-act"
            autoFocus={!!done}
            onClick={() => {
              close();
              back();
            }}
          >
            {t("pages.undo")}
          </Button>
        </span>
      ),
    });
  };
}
