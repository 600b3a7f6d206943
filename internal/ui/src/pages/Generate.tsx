import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Segmented } from "antd";
import { useEffect, useState } from "react";
import { call, type GenerationView, type Schemas, type Sheet } from "../api";
import { Failed } from "../Failed";
import { moment, t, tr, yuan } from "../i18n";
import { paid } from "./note/paid";
import { isRewrite, Price } from "./note/Rewrite";
import type { Edit } from "./note/useSheet";

const purposes = ["draft", "title", "body", "tags", "pages"];

/** Generate asks the connected model for a draft, or for one part with the others kept. What
 * it would cost stands beside the button, what it came to under the answer. Every answer that
 * was paid for stays in the list below and can be opened again, on any day and device;
 * adopting is the person's act. */
export function Generate({
  sheet,
  model,
  onAdopt,
  onCompare,
  flush,
}: {
  sheet: Sheet;
  model: string;
  onAdopt: (e: Edit) => void;
  onCompare: (g: GenerationView) => void;
  flush: () => Promise<Sheet | undefined>;
}) {
  const work = sheet.id;
  const slot = `generation ${work}`;
  const client = useQueryClient();
  const [purpose, setPurpose] = useState("draft");
  const [id, setId] = useState(() => sessionStorage.getItem(slot) ?? "");
  const [text, setText] = useState("");
  const [end, setEnd] = useState<GenerationView>();
  const [error, setError] = useState("");
  const [asking, setAsking] = useState(false);
  const running = id !== "" && !end;
  const busy = asking || running;
  const spend = useQuery({
    queryKey: ["spend", work, purpose, end?.id],
    queryFn: () => call<Schemas["Spend"]>("POST", `/api/works/${work}/cost`, { purpose }),
    enabled: model !== "",
  });

  useEffect(() => {
    if (!id) return;
    const source = new EventSource(`/api/generations/${id}/events`);
    let all = "";
    let last = false;
    source.addEventListener("text", (e) => {
      all += JSON.parse((e as MessageEvent<string>).data) as string;
      requestAnimationFrame(() => !last && setText(all));
    });
    source.addEventListener("end", (e) => {
      last = true;
      const g = JSON.parse((e as MessageEvent<string>).data) as GenerationView;
      setText(g.text);
      setEnd(g);
      source.close();
      void client.invalidateQueries({ queryKey: ["generations", work] });
    });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
      setId("");
      setError(t("model.lost"));
    });
    return () => {
      last = true;
      source.close();
    };
  }, [client, id, work]);

  const show = (call: string) => {
    setError("");
    setEnd(undefined);
    setText("");
    setId(call);
  };
  const ask = async () => {
    setAsking(true);
    show("");
    try {
      const now = (await flush()) ?? sheet;
      const d = now.draft;
      const of = [purpose, d.idea, d.answers, d.kind, now.title, now.body, d.tags, d.pages];
      const g = await paid(`generation-key ${work}`, of, (key) =>
        call<GenerationView>("POST", `/api/works/${work}/generations`, { purpose }, { "Idempotency-Key": key }),
      );
      sessionStorage.setItem(slot, g.id);
      void client.invalidateQueries({ queryKey: ["generations", work] });
      show(g.id);
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setAsking(false);
    }
  };
  const stop = () => void call("POST", `/api/generations/${id}/stop`).catch((e: Error) => setError(e.message));
  const rewritten = !!end && isRewrite(end.purpose);
  const draft = rewritten ? undefined : end?.draft;
  return (
    <div className="field">
      {model && (
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
          {running && (
            <Button id="stop-model" onClick={stop}>
              {t("model.stop")}
            </Button>
          )}
        </div>
      )}
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
      {end && rewritten && end.text && (
        <Button id="compare" size="small" style={{ marginTop: 8 }} onClick={() => onCompare(end)}>
          {t("model.compare")}
        </Button>
      )}
      <Calls work={work} shown={id} onOpen={(x) => x !== id && show(x)} />
    </div>
  );
}

/** Calls are the model calls of a note and what each cost; each opens to its answer. */
function Calls({ work, shown, onOpen }: { work: string; shown: string; onOpen: (id: string) => void }) {
  const list = useQuery({
    queryKey: ["generations", work],
    queryFn: () => call<Schemas["GenerationLine"][]>("GET", `/api/works/${work}/generations`),
  });
  if (!list.data?.length) return <Failed of={list} />;
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
                <td>
                  <button
                    type="button"
                    className="chip"
                    aria-pressed={g.id === shown}
                    title={t("model.open")}
                    onClick={() => onOpen(g.id)}
                  >
                    {tr("purpose", g.purpose)}
                  </button>
                </td>
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
