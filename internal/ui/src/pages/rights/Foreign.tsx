import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Select } from "antd";
import { useId, useState } from "react";
import { call, type Schemas } from "../../api";
import { lang, t, tr } from "../../i18n";
import type { Row } from "./rights";

type Outcome = Schemas["TermsImport"];

const sources = ["robots", "rsl", "content_usage", "content_signal", "cawg", "tdmrep"];

/** located are those that speak of pages by their address. */
const located = ["robots", "rsl", "tdmrep"];

const named = (uses: string[]): string => uses.map((u) => tr("use", u)).join(t("rights.comma"));

/** Foreign takes over what terms from elsewhere deny. It shows what that takes back before anything
 * is written; a yes from elsewhere opens nothing. */
export function Foreign({ rows }: { rows: Row[] }) {
  const client = useQueryClient();
  const id = useId();
  const [source, setSource] = useState("robots");
  const [at, setAt] = useState("");
  const [text, setText] = useState("");
  const [works, setWorks] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [seen, setSeen] = useState<Outcome>();
  const wantsAddress = located.includes(source);
  const changed =
    <T,>(set: (v: T) => void) =>
    (v: T) => {
      set(v);
      setSeen(undefined); // what was shown is of other terms
    };
  const send = async (apply: boolean) => {
    setBusy(true);
    setError("");
    try {
      const form = { source, text, works, apply, ...(wantsAddress ? { at: at.trim() } : {}) };
      setSeen(await call<Outcome>("POST", "/api/rights/terms/import", form));
      if (apply) await Promise.all(["rights", "rights-acts"].map((k) => client.invalidateQueries({ queryKey: [k] })));
    } catch (e) {
      setError((e as Error).message);
    }
    setBusy(false);
  };
  return (
    <details className="panel foreign">
      <summary>{t("foreign.title")}</summary>
      <p className="hint">{t("foreign.lead")}</p>
      <div className="challenge">
        <label htmlFor={`${id}source`}>{t("foreign.source")}</label>
        <Select
          id={`${id}source`}
          value={source}
          onChange={changed(setSource)}
          options={sources.map((s) => ({ value: s, label: tr("foreign", s) }))}
        />
        {wantsAddress && (
          <>
            <label htmlFor={`${id}at`}>{t("foreign.at")}</label>
            <Input
              id={`${id}at`}
              name="at"
              type="url"
              maxLength={2048}
              value={at}
              placeholder="https://example.com/posts/1"
              onChange={(e) => changed(setAt)(e.target.value)}
            />
          </>
        )}
        <label htmlFor={`${id}text`}>{t("foreign.text")}</label>
        <Input.TextArea
          id={`${id}text`}
          name="terms"
          className="code"
          rows={5}
          maxLength={524288}
          value={text}
          onChange={(e) => changed(setText)(e.target.value)}
        />
        <label htmlFor={`${id}works`}>{t("foreign.works")}</label>
        <Select
          id={`${id}works`}
          mode="multiple"
          value={works}
          maxTagCount="responsive"
          optionFilterProp="label"
          placeholder={t("foreign.all")}
          onChange={changed(setWorks)}
          options={rows.filter((r) => r.work).map((r) => ({ value: r.work, label: r.title }))}
        />
        {error && <Alert type="error" role="alert" title={error} />}
        <div role="status">{seen && <Taken of={seen} rows={rows} />}</div>
        <div className="row">
          <Button id="foreign-look" disabled={busy || !text.trim()} onClick={() => void send(false)}>
            {t("foreign.look")}
          </Button>
          {seen && !seen.done && seen.denied.length > 0 && (
            <Button type="primary" id="foreign-apply" loading={busy} onClick={() => void send(true)}>
              {t("foreign.apply")}
            </Button>
          )}
        </div>
      </div>
    </details>
  );
}

/** Taken says what terms come to, and what of her word they take back. */
function Taken({ of, rows }: { of: Outcome; rows: Row[] }) {
  const title = (k: Outcome["takes"][number]) =>
    k.work ? t("rights.quoted", k.title || t("rights.untitled")) : (rows.find((r) => !r.work)?.title ?? "");
  return (
    <>
      {of.unread.length > 0 && <Alert type="warning" title={t("foreign.unread", of.unread.join(" "))} />}
      {of.denied.length === 0 ? (
        <p>{t("foreign.nothing")}</p>
      ) : (
        <p>
          <strong>{t(of.done ? "foreign.done" : "foreign.denies")}</strong>
          {lang() === "zh" ? "" : " "}
          {named(of.denied)}
        </p>
      )}
      {of.asked.length > 0 && <p className="hint">{t("foreign.asked", named(of.asked))}</p>}
      {of.takes.length > 0 ? (
        <>
          <p>{t(of.done ? "foreign.took" : "foreign.takes")}</p>
          <ul className="takes">
            {of.takes.map((k) => (
              <li key={k.work}>
                <strong>{title(k)}</strong> {named(k.uses)}
              </li>
            ))}
          </ul>
        </>
      ) : (
        of.denied.length > 0 && <p className="hint">{t("foreign.takes_none")}</p>
      )}
    </>
  );
}
