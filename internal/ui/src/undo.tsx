import { App as AntApp, Button } from "antd";
import { useEffect, useRef } from "react";
import { useKeys } from "./keys";
import { t } from "./i18n";

/** Undoable says what was taken away, and how it comes back. */
export type Undoable = (said: string, back: () => void) => void;

/** useUndo says what was taken away, and for five seconds gives it back: by a button, or by Z. */
export function useUndo(): Undoable {
  const { message } = AntApp.useApp();
  const last = useRef<() => void>(undefined);
  const clear = useRef(0);
  useEffect(() => () => window.clearTimeout(clear.current), []);
  useKeys([{ key: "Z", label: t("app.undo"), run: () => last.current?.() }]);
  return (said, back) => {
    const key = "undo";
    const undo = () => {
      last.current = undefined;
      message.destroy(key);
      back();
    };
    last.current = undo;
    window.clearTimeout(clear.current);
    clear.current = window.setTimeout(() => (last.current = undefined), 5000);
    message.open({
      key,
      type: "success",
      duration: 5,
      content: (
        <>
          {said}{" "}
          <Button size="small" id="undo" onClick={undo}>
            {t("app.undo")}
            <kbd>Z</kbd>
          </Button>
        </>
      ),
    });
  };
}
