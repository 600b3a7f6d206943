import { Alert, App as AntApp, Button, Checkbox, Input } from "antd";
import { useState } from "react";
import { call, type Schemas, type VersionView } from "../api";
import { day, place, t } from "../i18n";

/** TakeAway is a labelled version for posting elsewhere by hand: each text with its own
 * button to copy, everything as one archive, and the log of how it came to be. */
export function TakeAway({ v }: { v: VersionView }) {
  const { message } = AntApp.useApp();
  // The mark of words a model made goes with the words (Labelling Measures Art. 4(1)), as in the pack.
  // Topics are picked from a list elsewhere and carry none.
  const title = v.content.title + (v.text_notice && `（${v.text_notice}）`);
  const body = v.content.body + (v.text_notice && `\n\n${v.text_notice}`);
  const tags = (v.content.tags ?? []).map((x) => `#${x}`).join(" ");
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
        <Button size="small" id="copy-title" onClick={() => copy(title)}>
          {t("take.copy_title")}
        </Button>
        <Button size="small" id="copy-body" onClick={() => copy(body)}>
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
      {v.marked.some((m) => m.waivable) && <Waive v={v} />}
    </details>
  );
}

/** Waive is the application for files without a visible label (Labelling Measures Art. 9):
 * who gets them, what for, the terms; then each file by itself. */
function Waive({ v }: { v: VersionView }) {
  const [recipient, setRecipient] = useState("");
  const [purpose, setPurpose] = useState("");
  const [read, setRead] = useState(false);
  const [waiver, setWaiver] = useState<Schemas["Waiver"]>();
  const [error, setError] = useState("");
  const apply = async () => {
    try {
      setWaiver(
        await call<Schemas["Waiver"]>("POST", `/api/versions/${v.id}/waivers`, {
          recipient,
          purpose,
          agreement: v.agreement,
        }),
      );
      setError("");
    } catch (e) {
      setError((e as Error).message);
    }
  };
  return (
    <details className="take">
      <summary>{t("waiver.title")}</summary>
      {waiver ? (
        <>
          <p className="hint" role="status">
            {t("waiver.granted", day(waiver.keep_until))}
          </p>
          <ul className="checks">
            {v.marked
              .filter((m) => m.waivable)
              .map((m) => (
                <li key={m.field}>
                  <a href={`/api/waivers/${waiver.id}/${m.field}`} download>
                    {place(m.field)}
                  </a>
                </li>
              ))}
          </ul>
        </>
      ) : (
        <div className="challenge">
          <p className="hint">{t("waiver.why")}</p>
          <label htmlFor="recipient">{t("waiver.recipient")}</label>
          <Input id="recipient" maxLength={200} value={recipient} onChange={(e) => setRecipient(e.target.value)} />
          <label htmlFor="purpose">{t("waiver.purpose")}</label>
          <Input id="purpose" maxLength={500} value={purpose} onChange={(e) => setPurpose(e.target.value)} />
          <Checkbox checked={read} onChange={(e) => setRead(e.target.checked)}>
            {t("waiver.agree")}
          </Checkbox>
          {error && <Alert type="error" role="alert" title={error} />}
          <Button type="primary" disabled={!read || !recipient.trim() || !purpose.trim()} onClick={() => void apply()}>
            {t("waiver.apply")}
          </Button>
        </div>
      )}
    </details>
  );
}
