import { Alert, Button } from "antd";
import { useEffect, useState } from "react";
import { call, type GenerationView, once } from "../api";
import { t } from "../i18n";

/** Generate asks the connected model for a draft. The call's key is kept, so a reload
 * goes on reading the same answer and never pays twice; adopting is the person's act. */
export function Generate({
  work,
  model,
  onAdopt,
  flush,
}: {
  work: string;
  model: string;
  onAdopt: (e: { title?: string; body?: string; tags?: string[] }) => void;
  flush: () => Promise<void>;
}) {
  const slot = `generation ${work}`;
  const [id, setId] = useState(() => sessionStorage.getItem(slot) ?? "");
  const [text, setText] = useState("");
  const [end, setEnd] = useState<GenerationView>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const keySlot = `generation-key ${work}`;

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
    });
    return () => source.close();
  }, [id]);

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
      const g = await call<GenerationView>("POST", `/api/works/${work}/generations`, undefined, {
        "Idempotency-Key": key,
      });
      sessionStorage.removeItem(keySlot); // the next question is a new intention
      sessionStorage.setItem(slot, g.id);
      setId(g.id);
    } catch (e) {
      setError((e as Error).message);
      setBusy(false);
    }
  };
  const draft = end?.draft;
  return (
    <div className="field">
      <div className="row">
        <Button id="ask-model" onClick={() => void ask()} loading={busy} disabled={busy}>
          {t("model.ask", model)}
        </Button>
        {busy && id && (
          <Button onClick={() => void call("POST", `/api/generations/${id}/stop`)}>{t("model.stop")}</Button>
        )}
      </div>
      {error && <Alert type="warning" role="alert" title={error} style={{ marginTop: 8 }} />}
      {end?.message && <Alert type="warning" role="alert" title={end.message} style={{ marginTop: 8 }} />}
      {text && (
        <div
          className="panel by-model"
          aria-live="polite"
          style={{ marginTop: 8, textDecoration: "none", borderLeft: "3px solid var(--sprout)" }}
        >
          <p className="hint">{t("origin.model_long")}</p>
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
        </div>
      )}
    </div>
  );
}
