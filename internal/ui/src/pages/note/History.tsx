import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Drawer, Skeleton } from "antd";
import { useState } from "react";
import { call, type Schemas, type Sheet } from "../../api";
import { lang, t, tr } from "../../i18n";

type Line = Schemas["Edit"];
type Earlier = Schemas["Earlier"];

/** History is every change of the draft, newest first; one that was kept whole can be read
 * and brought back. Bringing back is a change too: nothing is lost by it. */
export function History({
  sheet,
  open,
  onClose,
  onRestore,
}: {
  sheet: Sheet;
  open: boolean;
  onClose: () => void;
  onRestore: (from: number) => Promise<unknown>;
}) {
  const edits = useQuery({
    queryKey: ["edits", sheet.id, sheet.revision],
    queryFn: () => call<Line[]>("GET", `/api/works/${sheet.id}/edits`),
    enabled: open,
  });
  const [at, setAt] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const was = useQuery({
    queryKey: ["edit", sheet.id, at],
    queryFn: () => call<Earlier>("GET", `/api/works/${sheet.id}/edits/${at}`),
    enabled: open && at > 0,
    staleTime: Infinity,
  });
  const restore = async () => {
    setBusy(true);
    setFailed("");
    try {
      await onRestore(at);
      setAt(0);
      onClose();
    } catch (e) {
      setFailed((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open={open} onClose={onClose} title={t("history.title")} size={720}>
      {edits.error && <Alert type="error" title={edits.error.message} />}
      {edits.isPending ? (
        <Skeleton active />
      ) : (
        <div className="history">
          <ol className="plainlist">
            {edits.data?.map((e) => (
              <li key={e.revision}>
                <button
                  type="button"
                  className="chip"
                  aria-pressed={e.revision === at}
                  disabled={!e.kept}
                  onClick={() => setAt(e.revision)}
                >
                  {new Date(e.at).toLocaleString(lang(), {
                    month: "numeric",
                    day: "numeric",
                    hour: "2-digit",
                    minute: "2-digit",
                    second: "2-digit",
                  })}
                </button>
                <span className="hint">
                  {e.act !== "edit" && <b>{tr("act", e.act)} · </b>}
                  {e.fields.map((f) => tr("history.field", f)).join(" · ") || t("history.nothing")}
                  {e.revision === sheet.revision && ` · ${t("history.now")}`}
                </span>
              </li>
            ))}
          </ol>
          <div>
            {at === 0 && <p className="hint">{t("history.choose")}</p>}
            {at > 0 && was.isPending && <Skeleton active />}
            {was.error && <Alert type="warning" title={was.error.message} />}
            {failed && <Alert type="error" role="alert" title={failed} />}
            {at > 0 && was.data && (
              <article>
                <h3>{was.data.title || t("note.untitled")}</h3>
                <p style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{was.data.body}</p>
                <p className="hint">
                  {was.data.draft.tags.map((x) => `#${x}`).join(" ")} ·{" "}
                  {t("history.pages", was.data.draft.pages.length)}
                </p>
                {at !== sheet.revision && (
                  <Button type="primary" id="restore" loading={busy} onClick={() => void restore()}>
                    {t("history.restore")}
                  </Button>
                )}
              </article>
            )}
          </div>
        </div>
      )}
    </Drawer>
  );
}
