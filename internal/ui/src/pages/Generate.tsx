import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Segmented } from "antd";
import { useEffect, useState } from "react";
import { call, type GenerationView, once, type Schemas } from "../api";
import { moment, t, tr, yuan } from "../i18n";
import { Price } from "./note/Rewrite";
import type { Edit } from "./note/useSheet";

const purposes = ["draft", "title", "body", "tags", "pages"];

/** Generate asks the connected model for a draft, or for one part with the others kept. What
 * it would cost stands beside the button, what it came to under the answer. The call's key is
 * kept, so a reload goes on reading the same answer and never pays twice; adopting is the
 * person's act. */
export function Generate({
  work,
  model,
  onAdopt,
  flush,
}: {
  work: string;
  model: string;
  onAdopt: (e: Edit) => void;
  flush: () => Promise<void>;
}) {
  const slot = `generation ${work}`;
  const client = useQueryClient();
  const [purpose, setPurpose] = useState("draft");
  const [id, setId] = useState(() => sessionStorage.getItem(slot) ?? "");
  const [text, setText] = useState("");
  const [end, setEnd] = useState<GenerationView>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const keySlot = `generation-key ${work}`;
  const spend = useQuery({
    queryKey: ["spend", work, purpose, end?.id],
    queryFn: () => call<Schemas["Spend"]>("POST", `/api/works/${work}/cost`, { purpose }),
  });

  useEffect(() => {
    if (!id) return;
    const source = new EventSource(`/api/generations/${id}/events`);
    let all = "";
    source.addEventListener("text", (e) => {
      all += JSON.parse((e as MessageEvent<string>).data) as string;
      requestAnimationFrame(() => setText(all));
    });
    source.addEventListener("end", (e) => {
      const g = JSON.parse((e as MessageEvent<string>).data) as GenerationView;
      setText(g.text);
      setEnd(g);
      setBusy(false);
      source.close();
      void client.invalidateQueries({ queryKey: ["generations", work] });
    });
    return () => source.close();
  }, [client, id, work]);

  const ask = async () => {
    setBusy(true);
    setError("");
    setEnd(undefined);
    setText("");
    try {
      await flush();
      // The key outlives a reload until the answer has come: asked again under it, the server
      // gives the call that was made.
      const key = sessionStorage.getItem(keySlot) ?? once();
      sessionStorage.setItem(keySlot, key);
      const g = await call<GenerationView>(
        "POST",
        `/api/works/${work}/generations`,
        { purpose },
        { "Idempotency-Key": key },
      );
      sessionStorage.removeItem(keySlot); // the next question is a new intention
      sessionStorage.setItem(slot, g.id);
      setId(g.id);
    } catch (e) {
      sessionStorage.removeItem(keySlot);
      setError((e as Error).message);
      setBusy(false);
    }
  };
  const draft = end?.draft;
  return (
    <div className="field">
      <div className="row">
        <Segmented
          value={purpose}
          onChange={setPurpose}
          disabled={busy}
          options={purposes.map((p) => ({ value: p, label: tr("purpose", p) }))}
          aria-label={t("model.part")}
        />
        <Button id="ask-model" onClick={() => void ask()} loading={busy} disabled={busy}>
          {t("model.ask", model)}
        </Button>
        {busy && id && (
          <Button onClick={() => void call("POST", `/api/generations/${id}/stop`)}>{t("model.stop")}</Button>
        )}
      </div>
      {spend.data && <Price spend={spend.data} />}
      {error && <Alert type="warning" role="alert" title={error} style={{ marginTop: 8 }} />}
      {end?.message && <Alert type="warning" role="alert" title={end.message} style={{ marginTop: 8 }} />}
      {text && (
        <div
          className="panel by-model"
          aria-live="polite"
          style={{ marginTop: 8, textDecoration: "none", borderLeft: "3px solid var(--sprout)" }}
        >
          <p className="row between hint">
            <span>{t("origin.model_long")}</span>
            {end && <span>{t("model.cost", end.tokens, yuan(end.cost))}</span>}
          </p>
          <div style={{ whiteSpace: "pre-wrap" }}>{text}</div>
        </div>
      )}
      {draft && (
        <div className="row" style={{ marginTop: 8 }}>
          {draft.titles.map((x) => (
            <Button key={x} size="small" onClick={() => onAdopt({ title: x })}>
              {t("model.use_title")} {x}
            </Button>
          ))}
          {draft.body && (
            <Button id="use-body" size="small" onClick={() => onAdopt({ body: draft.body })}>
              {t("model.use_body")}
            </Button>
          )}
          {draft.tags.length > 0 && (
            <Button size="small" onClick={() => onAdopt({ tags: draft.tags.slice(0, 10) })}>
              {t("model.use_tags")}
            </Button>
          )}
          {draft.pages.length > 0 && (
            <Button size="small" onClick={() => onAdopt({ pages: draft.pages.slice(0, 18) })}>
              {t("model.use_pages", draft.pages.length)}
            </Button>
          )}
        </div>
      )}
      <Calls work={work} />
    </div>
  );
}

/** Calls are the model calls of a note and what each cost. */
function Calls({ work }: { work: string }) {
  const list = useQuery({
    queryKey: ["generations", work],
    queryFn: () => call<Schemas["GenerationLine"][]>("GET", `/api/works/${work}/generations`),
  });
  if (list.error) return <Alert type="warning" title={list.error.message} />;
  if (!list.data?.length) return null;
  const sum = list.data.reduce((n, g) => n + g.cost, 0);
  return (
    <details className="calls">
      <summary>{t("model.calls", list.data.length, yuan(sum))}</summary>
      <div className="scroll">
        <table>
          <tbody>
            {list.data.map((g) => (
              <tr key={g.id}>
                <td>{moment(g.started)}</td>
                <td>{tr("purpose", g.purpose)}</td>
                <td>{g.model}</td>
                <td>{tr("call", g.state)}</td>
                <td className="num">{t("model.tokens", g.tokens)}</td>
                <td className="num">{yuan(g.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
