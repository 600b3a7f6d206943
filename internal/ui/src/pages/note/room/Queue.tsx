import { Button } from "antd";
import { t } from "../../../i18n";
import type { Uploads } from "./useUploads";

/** Queue is the pictures on their way, and those that did not get through with the reason. */
export function Queue({ uploads }: { uploads: Uploads }) {
  const list = uploads.list;
  if (list.length === 0) return null;
  const failed = list.filter((x) => x.state === "failed").length;
  const stuck = list.filter((x) => x.state === "failed" || x.state === "refused").length;
  return (
    <div className="queue-of-pictures">
      <div className="row between">
        <span role="status">{t("upload.status", list.length - stuck, stuck)}</span>
        <span className="row">
          {failed > 1 && <Button onClick={() => uploads.retry()}>{t("upload.retry_all")}</Button>}
          {stuck > 0 && (
            <Button id="clear-uploads" onClick={uploads.clear}>
              {t("upload.clear")}
            </Button>
          )}
        </span>
      </div>
      <ul>
        {list.map((x) => (
          <li key={x.id} className={x.state}>
            <span className="name">{x.name}</span>
            {x.state === "sending" || x.state === "waiting" ? (
              <progress value={x.sent} max={1} aria-label={x.name} />
            ) : (
              <span className="why">{x.why}</span>
            )}
            <span className="acts">
              {x.state === "failed" && <Button onClick={() => uploads.retry(x.id)}>{t("upload.retry")}</Button>}
              <Button
                type="text"
                aria-label={
                  x.state === "sending" || x.state === "waiting"
                    ? t("upload.cancel", x.name)
                    : t("upload.forget", x.name)
                }
                onClick={() => uploads.drop(x.id)}
              >
                ×
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
