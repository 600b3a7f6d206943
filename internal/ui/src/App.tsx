import { infiniteQueryOptions, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Link, NavLink, Outlet, Route, Routes, useNavigate } from "react-router";
import { call, type Me, type Schemas, type Site, type Style } from "./api";
import { setLang, t, useLang } from "./i18n";
import { Keys, useKeys } from "./keys";
import { useMode } from "./mode";
import { Studio } from "./pages/Studio";

// The pages people work in come when they are opened: the first page is small.
const Ant = lazy(() => import("./Ant").then((m) => ({ default: m.Ant })));
const Failed = lazy(() => import("./Failed").then((m) => ({ default: m.Failed })));
const Account = lazy(() => import("./pages/Account").then((m) => ({ default: m.Account })));
const Figures = lazy(() => import("./pages/Figures").then((m) => ({ default: m.Figures })));
const Note = lazy(() => import("./pages/note/Note").then((m) => ({ default: m.Note })));
const Notices = lazy(() => import("./pages/Notices").then((m) => ({ default: m.Notices })));
const Operate = lazy(() => import("./pages/Operate").then((m) => ({ default: m.Operate })));
const Persona = lazy(() => import("./pages/Persona").then((m) => ({ default: m.Persona })));
const Used = lazy(() => import("./pages/Used").then((m) => ({ default: m.Used })));
const Protections = lazy(() => import("./pages/Protections").then((m) => ({ default: m.Protections })));
const Review = lazy(() => import("./pages/Review").then((m) => ({ default: m.Review })));
const Rights = lazy(() => import("./pages/Rights").then((m) => ({ default: m.Rights })));
const SetUp = lazy(() => import("./pages/SignIn").then((m) => ({ default: m.SetUp })));
const SignIn = lazy(() => import("./pages/SignIn").then((m) => ({ default: m.SignIn })));

/** me and site are what every page asks first; main fetches them before anything is drawn. */
export const me = { queryKey: ["me"], queryFn: () => call<Me>("GET", "/api/session"), staleTime: 60_000 };
export const site = { queryKey: ["site"], queryFn: () => call<Site>("GET", "/api/site"), staleTime: 60_000 };

/** claimsPage is how many takedown notices the server lists at once. */
const claimsPage = 50;

/** claims are the takedown notices about one's own works, page by page; those that wait for her
 * word come first. */
export const claims = infiniteQueryOptions({
  queryKey: ["claims"],
  queryFn: ({ pageParam }) => call<Schemas["ClaimView"][]>("GET", `/api/claims?before=${pageParam}`),
  initialPageParam: "",
  getNextPageParam: (page) => (page.length < claimsPage ? undefined : page[page.length - 1]!.page),
  staleTime: 60_000,
});

/** waits says that a claim waits for the uploader's word. */
export const waits = (k: Schemas["ClaimView"]): boolean =>
  ["open", "paused", "upheld"].includes(k.state) && k.countered_at === 0;

/** useMe is who is signed in. */
export const useMe = () => useQuery(me);

/** useSite is what the app must know of the installation. */
export const useSite = () => useQuery(site);

/** useStyles is what pages can be drawn in; it does not change while the server runs. */
export const useStyles = () =>
  useQuery({ queryKey: ["styles"], queryFn: () => call<Style[]>("GET", "/api/styles"), staleTime: Infinity });

/** has reports whether an account holds a role; an administrator holds every one. */
export function has(me: Me | undefined, ...roles: string[]): boolean {
  return !!me?.signed_in && me.account.roles.some((r) => r === "admin" || roles.includes(r));
}

/** Named is an event: what it is about, never what changed. */
interface Named {
  ref: string;
}

/** useNews listens to what changed and lets the pages fetch it. */
function useNews(signedIn: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!signedIn) return;
    let source: EventSource | undefined;
    let before = false;
    const on = (topic: string, ...keys: string[]) =>
      source?.addEventListener(topic, () => keys.forEach((k) => void client.invalidateQueries({ queryKey: [k] })));
    const listen = () => {
      source = new EventSource("/api/events");
      source.addEventListener("open", () => {
        // A stream that broke may have missed something.
        if (before) void client.invalidateQueries();
        before = true;
      });
      on("version", "version", "works");
      on("queue", "queue", "asked-protections");
      on("protection", "protections", "sightings", "rights", "rights-acts");
      on("notice", "claims", "suspensions", "rights", "rights-acts");
      on("draft", "works");
      // The note on the table takes it in itself: it may have words of its own to keep.
      source.addEventListener("draft", (e) =>
        window.dispatchEvent(
          new CustomEvent("loam:draft", { detail: (JSON.parse((e as MessageEvent<string>).data) as Named).ref }),
        ),
      );
      on("job", "jobs");
    };
    // A page that is left may lie in the browser's cache with its stream open, and a browser
    // has six connections for a host: without this the next pages would wait for one.
    const leave = () => source?.close();
    const back = (e: PageTransitionEvent) => {
      if (e.persisted) listen();
    };
    listen();
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", back);
    return () => {
      leave();
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", back);
    };
  }, [client, signedIn]);
}

export function App() {
  const me = useMe();
  useNews(!!me.data?.signed_in);
  return (
    <>
      <Top me={me.data} />
      <Suspense fallback={<Loading />}>
        <Routes>
          <Route path="/" element={<First />} />
          <Route element={me.isPending ? <Loading /> : <Ant>{me.data ? <Outlet /> : <Unknown of={me} />}</Ant>}>
            <Route path="/note/:id" element={<Note />} />
            <Route path="/review" element={<Review />} />
            <Route path="/operate/:tab?" element={<Operate />} />
            <Route path="/figures/:id?" element={<Figures />} />
            <Route path="/persona" element={<Persona />} />
            <Route path="/rights" element={<Rights />} />
            <Route path="/rights/used" element={<Used />} />
            <Route path="/rights/protections" element={<Protections />} />
            <Route path="/notices" element={<Notices />} />
            <Route path="/account" element={<Account />} />
            <Route path="/sign-in" element={<SignIn />} />
            <Route path="/setup" element={<SetUp />} />
          </Route>
          <Route path="*" element={<p className="empty">{t("app.nowhere")}</p>} />
        </Routes>
      </Suspense>
      <Keys />
    </>
  );
}

/** First is the studio's first page, with the key its box hears. */
function First() {
  useKeys([{ key: "Ctrl+Enter", label: t("first.go") }]);
  return <Studio />;
}

/** Unknown stands where a page will be once it is known who asks: a server that is busy for a moment signs
 * nobody out. */
const Unknown = ({ of }: { of: ReturnType<typeof useMe> }) => (
  <main className="wide">
    <Failed of={of} />
  </main>
);

/** Loading stands where a page will be. */
const Loading = () => (
  <p className="loading" role="status">
    {t("app.loading")}
  </p>
);

/** Mine is the menu under one's name. */
function Mine({ name, onSignOut }: { name: string; onSignOut: () => void }) {
  const box = useRef<HTMLDetailsElement>(null);
  const close = () => box.current?.removeAttribute("open");
  useEffect(() => {
    const outside = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  return (
    <details
      className="mine"
      ref={box}
      onKeyDown={(e) => {
        if (e.key !== "Escape") return;
        close();
        box.current?.querySelector("summary")?.focus();
      }}
    >
      <summary>{name}</summary>
      <ul onClick={close}>
        <li>
          <Link to="/persona">{t("nav.persona")}</Link>
        </li>
        <li>
          <Link to="/notices">{t("nav.notices")}</Link>
        </li>
        <li>
          <Link to="/account">{t("nav.account")}</Link>
        </li>
        <li>
          <button type="button" onClick={onSignOut}>
            {t("nav.sign_out")}
          </button>
        </li>
      </ul>
    </details>
  );
}

/** Told leads to the notices that wait for her word, while there are any. */
function Told() {
  const list = useInfiniteQuery(claims);
  const known = list.data?.pages.flat() ?? [];
  const n = known.filter(waits).length;
  if (n === 0) return null;
  return (
    <NavLink to="/notices" className="told">
      {t("nav.notices")} {n}
      {n === known.length && list.hasNextPage && "+"}
    </NavLink>
  );
}

function Top({ me }: { me: Me | undefined }) {
  const site = useSite();
  const lang = useLang();
  const [mode, setMode] = useMode();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [error, setError] = useState("");
  const signOut = async () => {
    setError("");
    try {
      await call("DELETE", "/api/session");
      await client.invalidateQueries({ queryKey: ["me"] });
      client.removeQueries({ predicate: (q) => q.queryKey[0] !== "me" && q.queryKey[0] !== "site" });
      navigate("/sign-in");
    } catch (e) {
      setError((e as Error).message);
    }
  };
  return (
    <header className="top">
      <a className="brand" href="/">
        {t("app.name")}
      </a>
      {site.data?.demo && <span className="demo">{t("app.demo")}</span>}
      <nav aria-label={t("app.pages")}>
        <NavLink to="/" end>
          {t("nav.studio")}
        </NavLink>
        {me?.signed_in && <NavLink to="/figures">{t("nav.measures")}</NavLink>}
        {has(me, "creator") && <NavLink to="/rights">{t("nav.rights")}</NavLink>}
        {has(me, "creator") && <Told />}
        {has(me, "reviewer") && <NavLink to="/review">{t("nav.review")}</NavLink>}
        {has(me, "operator", "auditor") && <NavLink to="/operate">{t("nav.operate")}</NavLink>}
      </nav>
      <span className="end">
        <button type="button" onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
          {lang === "zh" ? "EN" : "中"}
        </button>
        <button type="button" aria-label={t("app.mode")} onClick={() => setMode(mode === "dark" ? "light" : "dark")}>
          {mode === "dark" ? "☀" : "☾"}
        </button>
        {me?.signed_in && <Mine name={me.account.name} onSignOut={() => void signOut()} />}
        {me && !me.signed_in && <Link to="/sign-in">{t("nav.sign_in")}</Link>}
      </span>
      {error && (
        <p className="fault" role="alert">
          {error}
        </p>
      )}
    </header>
  );
}
