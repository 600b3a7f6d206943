import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { call, once, type Schemas, type Sheet, type WorkLine } from "../api";
import { me, useMe, useSite } from "../App";
import { t, tr } from "../i18n";

const preview = () => import("./Preview");
const Preview = lazy(() => preview().then((m) => ({ default: m.Preview })));

type Tried = Schemas["Tried"];
type Choices = Schemas["Choices"];
const kinds = ["", "shop", "tutorial", "test", "list", "outfit", "travel", "food", "knowledge", "goods", "daily"];

/** longest is how many characters an idea may have, as the server bounds it. */
const longest = 60_000;

/** Tries is an idea and what she said of it before it became a note. */
interface Tries {
  idea: string;
  kind: string;
  answers: Schemas["Answer"][];
  choices: Choices;
  title: string; // the one she picked, "" for the first
}

const untried: Tries = { idea: "", kind: "", answers: [], choices: {}, title: "" };

/** keep remembers for this tab what was tried; where there is no room it is only on the page. */
function keep(tries: Tries) {
  try {
    sessionStorage.setItem("tries", JSON.stringify(tries));
  } catch {
    // It still stands in the box.
  }
}

/** kept is what was tried in this tab. */
function kept(): Tries {
  try {
    return { ...untried, ...(JSON.parse(sessionStorage.getItem("tries") ?? "{}") as Partial<Tries>) };
  } catch {
    return untried;
  }
}

/** given is what the box on the public feed sent along, until it is arranged. */
let given = sent();

function sent(): Tries | undefined {
  const box = document.querySelector<HTMLTemplateElement>("#given");
  return box ? { ...untried, idea: box.content.textContent ?? "", kind: box.dataset.kind ?? "" } : undefined;
}

/** Studio, first visit: one box, three examples, the kinds as quiet tabs, one button. It
 * works before signing in: titles, pages and covers stand there at once, answers arrange them
 * anew, and what was tried is then begun as a note. */
export function Studio() {
  const signedIn = !!useMe().data?.signed_in;
  const client = useQueryClient();
  const site = useSite();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const state = useLocation().state as { keep?: boolean } | null;
  const linked = params.get("idea");
  const [begun] = useState(() => given ?? (linked === null ? kept() : { ...untried, idea: linked }));
  const [idea, setIdea] = useState(begun.idea);
  const [kind, setKind] = useState(begun.kind);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [tried, setTried] = useState<Tried>();
  const [answers, setAnswers] = useState(begun.answers);
  const [choices, setChoices] = useState(begun.choices);
  const intent = useRef({ body: "", key: "" });
  const latest = useRef(0);
  // What shows the draft comes while she writes, not before the box stands.
  const writing = idea !== "";
  useEffect(() => {
    if (writing) void preview();
  }, [writing]);
  const length = Array.from(idea).length;

  /** arrange tries the idea with what she said so far; only the last answer is shown. */
  const arrange = async (kind: string, answers: Schemas["Answer"][], choices: Choices) => {
    const turn = ++latest.current;
    setBusy(true);
    setError("");
    keep({ idea, kind, answers, choices, title: "" });
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

  /** begin makes a note of what was tried, with everything she said of it. */
  const begin = async ({ idea, kind, answers, choices, title }: Tries, replace = false) => {
    setBusy(true);
    setError("");
    try {
      const body = { idea, answers, choices, ...(kind ? { kind } : {}) };
      const said = JSON.stringify(body);
      if (intent.current.body !== said) intent.current = { body: said, key: once() };
      const sheet = await call<Sheet>("POST", "/api/works", body, { "Idempotency-Key": intent.current.key });
      if (title && title !== sheet.title)
        await call("PUT", `/api/works/${sheet.id}/draft`, { revision: sheet.revision, title });
      sessionStorage.removeItem("tries");
      navigate(`/note/${sheet.id}`, { replace });
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };

  const go = async () => {
    if (busy) return;
    // What she answered belongs to the idea it was asked of.
    const now = { ...untried, idea, kind, ...(kept().idea === idea ? { answers, choices } : {}) };
    setAnswers(now.answers);
    setChoices(now.choices);
    keep(now);
    // The box stands before it is known who sits at it.
    const who = await client.ensureQueryData(me);
    await (who.signed_in ? begin(now) : arrange(kind, now.answers, now.choices));
  };
  // The box on the feed was pressed already, and so was 「登录并保留这篇」.
  const pressed = useRef(false);
  const saving = !!state?.keep && signedIn;
  useEffect(() => {
    if (pressed.current) return;
    if (given) {
      given = undefined;
      pressed.current = true;
      if (length <= longest) void go();
      else keep({ ...untried, idea, kind });
    } else if (saving && begun.idea) {
      pressed.current = true;
      void begin(begun, true);
    }
  });
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
        <textarea
          id="idea"
          value={idea}
          autoFocus
          rows={4}
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
        {error && (
          <p className="fault" role="alert">
            {error}
          </p>
        )}
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
          <button type="button" className="go" aria-busy={busy} disabled={length > longest} onClick={() => void go()}>
            {t("first.go")}
          </button>
        </div>
      </div>
      {tried && (
        <Suspense>
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
            onKeep={(title) => {
              keep({ idea, kind, answers, choices, title });
              navigate("/sign-in", { state: { back: "/", keep: true } });
            }}
          />
        </Suspense>
      )}
      {signedIn && <Notes />}
    </main>
  );
}

/** useWorks lists one's own notes. */
export const useWorks = () => useQuery({ queryKey: ["works"], queryFn: () => call<WorkLine[]>("GET", "/api/works") });

function Notes() {
  const works = useWorks();
  if (works.error && !works.data)
    return (
      <p className="fault" role="alert">
        {works.error.message}{" "}
        <button type="button" className="link" aria-busy={works.isFetching} onClick={() => void works.refetch()}>
          {t("app.again")}
        </button>
      </p>
    );
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
