import { useQuery } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Input } from "antd";
import { useMemo, useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { call, once, type Schemas, type Sheet, type WorkLine } from "../api";
import { useMe, useSite, useStyles } from "../App";
import { t, tr } from "../i18n";
import { Asks, Proposals } from "./note/Propose";
import { Reading } from "./note/Reading";

type Tried = Schemas["Tried"];
type Choices = Schemas["Choices"];
const kinds = ["", "shop", "tutorial", "test", "list", "outfit", "travel", "food", "knowledge", "goods", "daily"];

/** longest is how many characters an idea may have, as the server bounds it. */
const longest = 60_000;

/** Studio, first visit: one box, three examples, the kinds as quiet tabs, one button. It
 * works before signing in: titles, pages and covers stand there at once, answers arrange them
 * anew, and what was tried is then begun as a note. */
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
  const [answers, setAnswers] = useState<Schemas["Answer"][]>([]);
  const [choices, setChoices] = useState<Choices>({});
  const intent = useRef({ idea: "", key: "" });
  const latest = useRef(0);
  const signedIn = !!me.data?.signed_in;
  const length = Array.from(idea).length;

  /** keep remembers the idea for this tab; one too long for that is only on the page. */
  const keep = (text: string) => {
    try {
      sessionStorage.setItem("idea", text);
    } catch {
      // It still stands in the box.
    }
  };

  /** arrange tries the idea with what she said so far; only the last answer is shown. */
  const arrange = async (kind: string, answers: Schemas["Answer"][], choices: Choices) => {
    const turn = ++latest.current;
    setBusy(true);
    setError("");
    try {
      const body = { idea, answers, choices, ...(kind ? { kind } : {}) };
      const got = await call<Tried>("POST", "/api/ideas", body);
      if (turn === latest.current) setTried(got);
    } catch (e) {
      if (turn === latest.current) setError((e as Error).message);
    } finally {
      if (turn === latest.current) setBusy(false);
    }
  };

  const begin = async (text: string) => {
    setBusy(true);
    setError("");
    try {
      if (intent.current.idea !== text + kind) intent.current = { idea: text + kind, key: once() };
      const body = { idea: text, ...(kind ? { kind } : {}) };
      const sheet = await call<Sheet>("POST", "/api/works", body, { "Idempotency-Key": intent.current.key });
      sessionStorage.removeItem("idea");
      navigate(`/note/${sheet.id}`);
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };

  const go = async () => {
    keep(idea);
    setAnswers([]);
    setChoices({});
    await (signedIn ? begin(idea) : arrange(kind, [], {}));
  };
  const chooseKind = (k: string) => {
    setKind(k);
    if (tried && !signedIn) void arrange(k, answers, choices);
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
        {!tried && (
          <div className="chips" aria-label={t("first.examples")}>
            {(["first.a", "first.b", "first.c"] as const).map((k) => (
              <button type="button" key={k} className="chip" onClick={() => setIdea(t(k))} title={t(k)}>
                {t(k)}
              </button>
            ))}
          </div>
        )}
        <div className="kinds" role="group" aria-label={t("note.kind")}>
          {kinds.map((k) => (
            <button
              type="button"
              key={k}
              aria-pressed={k === kind}
              title={k ? tr("cue", k) : t("kind.auto_hint")}
              onClick={() => chooseKind(k)}
            >
              {k ? tr("kind", k) : t("kind.auto")}
              {!kind && k && tried?.proposals.kind === k && <small> {t("kind.guessed")}</small>}
            </button>
          ))}
        </div>
        {error && <Alert type="error" title={error} role="alert" style={{ marginBottom: 8 }} />}
        <div className="row between">
          <span className="hint">
            {length > longest
              ? t("first.too_long", length, longest)
              : length > 2000
                ? t("first.length", length)
                : site.data?.model.name
                  ? t("first.model", site.data.model.name)
                  : t("first.offline")}
          </span>
          <Button type="primary" size="large" loading={busy} disabled={length > longest} onClick={() => void go()}>
            {t("first.go")}
          </Button>
        </div>
      </div>
      {tried && (
        <Preview
          tried={tried}
          idea={idea}
          answers={answers}
          choices={choices}
          onAnswer={(a) => {
            setAnswers(a);
            void arrange(kind, a, choices);
          }}
          onChoose={(c) => {
            setChoices(c);
            void arrange(kind, answers, c);
          }}
          onKeep={() => navigate("/sign-in", { state: { back: "/" } })}
        />
      )}
      {signedIn && <Notes onError={(m) => message.error(m)} />}
    </main>
  );
}

/** Preview is the arranged draft of somebody not signed in: titles to choose from, covers
 * and pages, the text, and questions whose answers arrange it anew. */
function Preview({
  tried,
  idea,
  answers,
  choices,
  onAnswer,
  onChoose,
  onKeep,
}: {
  tried: Tried;
  idea: string;
  answers: Schemas["Answer"][];
  choices: Choices;
  onAnswer: (a: Schemas["Answer"][]) => void;
  onChoose: (c: Choices) => void;
  onKeep: () => void;
}) {
  const p = tried.proposals;
  const [picked, setPicked] = useState("");
  const title = p.titles.some((x) => x.text === picked) ? picked : tried.title;
  return (
    <section className="panel tried" aria-live="polite">
      <h2>{t("first.titles", p.titles.length)}</h2>
      <Proposals sheet={tried} title={title} onPick={setPicked} />
      <Covers pages={p.pages} title={title} />
      <div className="field">
        <h3>{title}</h3>
        <p style={{ whiteSpace: "pre-wrap", margin: 0 }}>{p.body}</p>
        <p style={{ color: "var(--sprout)", margin: 0 }}>{p.tags.map((x) => `#${x.name}`).join(" ")}</p>
      </div>
      <Asks asks={p.asks} given={answers} onAnswer={onAnswer} />
      <Reading idea={idea} read={p} choices={choices} onChoose={onChoose} />
      <Button type="primary" onClick={onKeep}>
        {t("first.keep")}
      </Button>
    </section>
  );
}

/** looks are the styles the first covers are shown in. */
const looks = 4;

/** Covers draws the cover in a few styles and every page in the first of them. */
function Covers({ pages, title }: { pages: Schemas["Page"][]; title: string }) {
  const styles = useStyles();
  const [style, setStyle] = useState("");
  const shown = useMemo(() => {
    const [cover, ...rest] = pages;
    if (!cover) return [];
    const at = title.indexOf("｜");
    const split = at > 0 ? { title: title.slice(0, at), sub: title.slice(at + 1) } : { title, sub: undefined };
    const same = [cover.title, cover.sub].filter(Boolean).join("｜");
    const told = same === title || (cover.sub && title === `${cover.sub}｜${cover.title ?? ""}`);
    return [told ? cover : { ...cover, ...split }, ...rest];
  }, [pages, title]);
  const names = styles.data?.slice(0, looks).map((x) => x.name) ?? [];
  const now = style || names[0];
  if (styles.error) return <Alert type="warning" title={styles.error.message} />;
  return (
    <>
      <div className="pages" role="group" aria-label={t("note.style")}>
        {names.map((name) => (
          <button type="button" key={name} aria-pressed={name === now} onClick={() => setStyle(name)}>
            <Drawn style={name} pages={shown} n={0} alt={title} />
          </button>
        ))}
      </div>
      {now && shown.length > 1 && (
        <div className="pages" role="group" aria-label={t("note.pages")} tabIndex={0}>
          {shown.slice(1).map((_, i) => (
            <span key={i} className="drawn">
              <Drawn style={now} pages={shown} n={i + 1} alt={t("note.page", i + 2)} />
            </span>
          ))}
        </div>
      )}
    </>
  );
}

/** Drawn is one page as a picture; while it is drawn its place is kept. */
function Drawn({ style, pages, n, alt }: { style: string; pages: Schemas["Page"][]; n: number; alt: string }) {
  const picture = useQuery({
    queryKey: ["drawn", style, n, pages.length, pages[n]],
    queryFn: async ({ signal }) => {
      // The page itself and as many empty ones as there are others: a page shows its number.
      const body = JSON.stringify({ style, n, pages: pages.map((p, i) => (i === n ? p : { kind: "text" })) });
      const res = await fetch("/api/covers", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
        signal,
      });
      if (!res.ok) throw new Error(res.statusText);
      const reader = new FileReader();
      reader.readAsDataURL(await res.blob());
      return await new Promise<string>((done) => {
        reader.onload = () => done(reader.result as string);
      });
    },
    staleTime: 60_000,
    gcTime: 60_000,
  });
  if (picture.error) return <span className="blank">{t("first.undrawn")}</span>;
  return picture.data ? <img src={picture.data} alt={alt} width="96" height="128" /> : <span className="blank" />;
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
