import { App as AntApp, Button } from "antd";
import type { VersionView } from "../api";
import { t } from "../i18n";

/** TakeAway is a labelled version for posting elsewhere by hand: each text with its own
 * button to copy, everything as one archive, and the log of how it came to be. */
export function TakeAway({ v }: { v: VersionView }) {
  const { message } = AntApp.useApp();
  const tags = (v.content.tags ?? []).map((x) => `#${x}`).join(" ");
  // The mark of words a model wrote goes with the words (Labelling Measures Art. 4(1)).
  const body = v.content.text_ai === "none" ? v.content.body : `${v.content.body}\n\n${v.label_text}`;
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => message.success(t("take.copied")),
      () => message.error(t("take.blocked")),
    );
  return (
    <details className="take">
      <summary>{t("take.title")}</summary>
      <p className="hint">{t("take.why")}</p>
      <div className="row">
        <Button size="small" onClick={() => copy(v.content.title)}>
          {t("take.copy_title")}
        </Button>
        <Button size="small" onClick={() => copy(body)}>
          {t("take.copy_body")}
        </Button>
        {tags && (
          <Button size="small" onClick={() => copy(tags)}>
            {t("take.copy_tags")}
          </Button>
        )}
        <a href={`/api/versions/${v.id}/pack`} id="pack" download>
          {t("take.pack")}
        </a>
        <a href={`/api/works/${v.work}/log`} id="creation-log" download>
          {t("take.log")}
        </a>
      </div>
      <p className="hint">{t("take.log_why")}</p>
    </details>
  );
}
