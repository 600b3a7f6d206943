import { useQuery } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Input } from "antd";
import { useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { call, once, type Schemas, type Sheet, type WorkLine } from "../api";
import { useMe, useSite } from "../App";
import { t, tr } from "../i18n";

type Tried = Schemas["Tried"];
const kinds = ["", "shop", "tutorial", "test", "list", "outfit", "travel", "food", "knowledge", "goods", "daily"];

/** Studio, first visit: one box, three examples, the kinds as quiet tabs, one button. It
 * works before signing in; what was tried is then begun as a note. */
export function Studio() {
  const me = useMe();
  const site = useSite();
  const navigate = useNavigate();
  const { message } = AntApp.useApp();
  const [params] = useSearchParams();
  const [idea, setIdea] = useState(() => params.get("idea") ?? sessionStorage.getItem("idea") ?? "");
  const [kind, setKind] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [tried, setTried] = useState<Tried>();
  const intent = useRef({ idea: "", key: "" });
  const signedIn = !!me.data?.signed_in;

  const go = async () => {
    setBusy(true);
    setError("");
    sessionStorage.setItem("idea", idea);
    try {
      const body = { idea, ...(kind ? { kind } : {}) };
      if (!signedIn) {
        setTried(await call<Tried>("POST", "/api/ideas", body));
        return;
      }
      if (intent.current.idea !== idea + kind) intent.current = { idea: idea + kind, key: once() };
      const sheet = await call<Sheet>("POST", "/api/works", body, { "Idempotency-Key": intent.current.key });
      sessionStorage.removeItem("idea");
      navigate(`/note/${sheet.id}`);
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="first">
      <div className="panel">
        <h1>
          <label htmlFor="idea">{t("first.title")}</label>
        </h1>
        <Input.TextArea
          id="idea"
          value={idea}
          autoFocus
          autoSize={{ minRows: 4, maxRows: 16 }}
          placeholder={t("first.placeholder")}
          onChange={(e) => setIdea(e.target.value)}
          onKeyDown={(e) => {
            if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void go();
          }}
        />
        <div className="chips" aria-label={t("first.examples")}>
          {(["first.a", "first.b", "first.c"] as const).map((k) => (
            <button type="button" key={k} className="chip" onClick={() => setIdea(t(k))} title={t(k)}>
              {t(k)}
            </button>
          ))}
        </div>
        <div className="kinds" role="group" aria-label={t("note.kind")}>
          {kinds.map((k) => (
            <button type="button" key={k} aria-pressed={k === kind} onClick={() => setKind(k)}>
              {k ? tr("kind", k) : t("kind.auto")}
            </button>
          ))}
        </div>
        {error && <Alert type="error" title={error} role="alert" style={{ marginBottom: 8 }} />}
        <div className="row between">
          <span className="hint">
            {site.data?.model.name ? t("first.model", site.data.model.name) : t("first.offline")}
          </span>
          <Button type="primary" size="large" loading={busy} onClick={() => void go()}>
            {t("first.go")}
          </Button>
        </div>
      </div>
      {tried && <Preview tried={tried} onKeep={() => navigate("/sign-in", { state: { back: "/" } })} />}
      {signedIn && <Notes onError={(m) => message.error(m)} />}
    </main>
  );
}

/** Preview shows the arranged draft to somebody not signed in. */
function Preview({ tried, onKeep }: { tried: Tried; onKeep: () => void }) {
  const p = tried.proposals;
  return (
    <section className="panel" aria-live="polite" style={{ marginTop: 16 }}>
      <h2>{tried.title}</h2>
      <ul className="plainlist hint">
        {p.titles.slice(1, 8).map((x) => (
          <li key={x.text}>{x.text}</li>
        ))}
      </ul>
      <p style={{ whiteSpace: "pre-wrap" }}>{p.body}</p>
      <p style={{ color: "var(--sprout)" }}>{p.tags.map((x) => `#${x.name}`).join(" ")}</p>
      {p.asks.length > 0 && <p className="hint">{p.asks.map((a) => a.text).join(" ")}</p>}
      <Button type="primary" onClick={onKeep}>
        {t("first.keep")}
      </Button>
    </section>
  );
}

/** useWorks lists one's own notes. */
export const useWorks = () => useQuery({ queryKey: ["works"], queryFn: () => call<WorkLine[]>("GET", "/api/works") });

function Notes({ onError }: { onError: (m: string) => void }) {
  const works = useWorks();
  if (works.error) onError(works.error.message);
  if (!works.data?.length) return null;
  return (
    <section style={{ marginTop: 32 }}>
      <h2>{t("first.mine")}</h2>
      <ul className="plainlist">
        {works.data.map((w) => (
          <li key={w.id} className="row between" style={{ padding: "8px 0", borderTop: "1px solid var(--line)" }}>
            <Link to={`/note/${w.id}`}>{w.title || t("note.untitled")}</Link>
            <span className="hint">{w.latest ? tr("state", w.latest.state) : t("state.draft")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
