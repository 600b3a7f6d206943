import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Button, Skeleton } from "antd";
import { useMemo, useRef, useState } from "react";
import { Link, Navigate, useNavigate } from "react-router";
import { call } from "../api";
import { useMe } from "../App";
import { Failed } from "../Failed";
import { t, tr, yuan } from "../i18n";
import { useKeys } from "../keys";
import { usePhone } from "../phone";
import { Bulk } from "./rights/Bulk";
import { Cards } from "./rights/Cards";
import { Foreign } from "./rights/Foreign";
import { Grid } from "./rights/Grid";
import "./rights/grid.css";
import { Passkeys } from "./rights/Passkeys";
import { rowOf, type Permission, type Row, type Table } from "./rights/rights";
import "./rights/rights.css";
import { Timeline } from "./rights/Timeline";
import { useChoose } from "./rights/useChoose";
import { usePicks } from "./rights/usePicks";
import { useSigning, type Signing } from "./rights/useSigning";
import { Why, type Asked } from "./rights/Why";

/** Rights is the creator's own page of what may be done with her works, and of what proves
 * what she said. */
export function Rights() {
  const me = useMe();
  const go = useNavigate();
  const [find, setFind] = useState("");
  const works = useInfiniteQuery({
    queryKey: ["rights", find],
    queryFn: ({ pageParam }) => {
      const q = new URLSearchParams({ ...(find && { q: find }), ...(pageParam && { next: pageParam }) });
      return call<Table>("GET", `/api/rights?${q}`);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next || undefined,
    enabled: !!me.data?.signed_in,
    placeholderData: (before) => before,
    // What is being recorded has a receipt in a moment.
    refetchInterval: (q) =>
      q.state.data?.pages.some((p) => [p.account, ...p.works.map((w) => w.uses)].flat().some(recording)) && 1000,
  });
  const signing = useSigning(!!me.data?.signed_in);
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/rights" }} />;
  const first = works.data?.pages[0];
  return (
    <main className="wide rights">
      <h1>{t("rights.title")}</h1>
      <p className="lead">{t("rights.lead")}</p>
      <p>
        <Link to="/rights/protections">{t("protection.go")}</Link>
      </p>
      <Failed of={works} />
      {!first ? (
        !works.error && <Skeleton active paragraph={{ rows: 8 }} />
      ) : (
        <>
          <p className="row takeout">
            <Button onClick={() => void go("/rights/used")}>{t("used.go")}</Button>
            <Button href="/api/rights/export" download>
              {t("rights.export")}
            </Button>
            <span className="hint">{t("rights.export_hint")}</span>
          </p>
          <Facts of={first} />
          {first.no_ai && (
            <Alert
              type="warning"
              showIcon
              title={
                <>
                  {t("rights.no_ai")} <Link to="/account">{t("rights.no_ai_go")}</Link>
                </>
              }
            />
          )}
          <Passkeys signing={signing} />
          <div className="rights-desk">
            <Works of={works.data!.pages} signing={signing} find={find} onFind={setFind} busy={works.isPlaceholderData}>
              {works.hasNextPage && (
                <Button block loading={works.isFetchingNextPage} onClick={() => void works.fetchNextPage()}>
                  {t("rights.more")}
                </Button>
              )}
            </Works>
            <Timeline />
          </div>
          <Foreign rows={rowsOf(works.data!.pages)} />
        </>
      )}
    </main>
  );
}

/** rowsOf is the account's row and those of the works, in the order of the pages. */
const rowsOf = (pages: Table[]): Row[] => [
  rowOf(pages[0]!.account),
  ...pages.flatMap((p) => p.works).map((w) => rowOf(w.uses, w)),
];

const recording = (p: { leaf: string; place: number; at: number }) =>
  p.leaf !== "" && p.place < 0 && Date.now() - p.at < 30_000;

function Facts({ of: f }: { of: Table }) {
  return (
    <dl className="facts">
      <div className="panel">
        <dt>{t("facts.made")}</dt>
        <dd>
          <strong>{f.count}</strong> {t("facts.notes")}
        </dd>
        {f.count > 0 && <dd className="hint">{t("facts.made_hint")}</dd>}
      </div>
      <div className="panel">
        <dt>{t("facts.open")}</dt>
        <dd>
          <strong>{f.open}</strong> {t("facts.of", f.count)}
        </dd>
        <dd className="hint">{t(f.open ? "facts.open_hint" : "facts.closed_hint")}</dd>
      </div>
      <div className="panel">
        <dt>{t("facts.earned")}</dt>
        <dd>
          <strong>{yuan(f.earned)}</strong>
        </dd>
        <dd className="hint">{t("facts.earned_hint")}</dd>
      </div>
    </dl>
  );
}

interface WorksProps {
  of: Table[];
  signing: Signing;
  find: string;
  onFind: (q: string) => void;
  busy: boolean;
  children: React.ReactNode;
}

/** Works is the table with its search and what is done with several at once. */
function Works({ of: pages, signing, find, onFind, busy, children }: WorksProps) {
  const onPhone = usePhone();
  const { choose, chosen } = useChoose();
  const [asked, ask] = useState<Asked>();
  const box = useRef<HTMLInputElement>(null);
  const wait = useRef(0);
  useKeys([{ key: "/", label: t("rights.key_find"), run: () => box.current?.focus() }]);
  const rows = useMemo(() => rowsOf(pages), [pages]);
  const picks = usePicks(useMemo(() => rows.slice(1).map((r) => r.work), [rows]));
  const acts = { choose, chosen, ask, sign: signing.on };
  const Shown = onPhone ? Cards : Grid;
  const row = asked && rows.find((r) => r.work === asked.work);
  return (
    <section className="panel works" aria-label={t("rights.grid")} aria-busy={busy}>
      <header className="row between">
        <h2>{t("rights.grid")}</h2>
        <input
          type="search"
          ref={box}
          defaultValue={find}
          maxLength={100}
          placeholder={t("rights.find")}
          aria-label={t("rights.find")}
          onChange={(e) => {
            const q = e.target.value.trim();
            window.clearTimeout(wait.current);
            wait.current = window.setTimeout(() => onFind(q), 200);
          }}
        />
      </header>
      <p className="hint">{t(onPhone ? "rights.how_phone" : "rights.how")}</p>
      <Shown rows={rows} picks={picks} acts={acts} />
      {rows.length === 1 &&
        (find ? (
          <p className="empty">{t("rights.lost", find)}</p>
        ) : (
          <p className="empty">
            {t("measures.none")} <Link to="/">{t("measures.begin")}</Link>
          </p>
        ))}
      {children}
      {picks.works.length > 0 && <Bulk rows={rows} picks={picks} choose={choose} logged={signing.on} />}
      {asked && row && (
        <Why
          asked={asked}
          row={row}
          onClose={() => ask(undefined)}
          {...(signing.able
            ? {
                sign: (p: Permission) =>
                  choose([{ work: row.work, use: p.use, was: p }], again(p), saidOf(p, row), true),
              }
            : {})}
        />
      )}
    </section>
  );
}

/** again is her standing word with its terms, to be signed. */
const again = (p: Permission) =>
  p.chosen
    ? { allowed: true, from: p.from, until: p.until, attribution: p.attribution, sign: true }
    : { allowed: false, sign: true };

const saidOf = (p: Permission, row: Row) =>
  t("rights.signed", tr("use", p.use), row.work ? t("rights.quoted", row.title) : row.title);
