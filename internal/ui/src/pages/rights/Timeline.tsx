import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { call } from "../../api";
import { Failed } from "../../Failed";
import { moment, t, tr } from "../../i18n";
import { Receipt } from "./Receipt";
import { columns, type Act } from "./rights";

/** pageOf is how many acts the server gives at once. */
const pageOf = 50;

/** Timeline is what she decided and what was decided about her works, newest first, each with
 * its receipt once the log has it. */
export function Timeline() {
  const acts = useInfiniteQuery({
    queryKey: ["rights-acts"],
    queryFn: ({ pageParam }) => call<Act[]>("GET", `/api/rights/acts${pageParam ? `?before=${pageParam}` : ""}`),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.length < pageOf ? undefined : page.at(-1)?.n),
    // Recording takes a moment; where nothing is being recorded there is nothing to wait for.
    refetchInterval: (q) => {
      const waiting = q.state.data?.pages.flat().find((a) => a.place < 0);
      return waiting && (Date.now() - waiting.at < 30_000 ? 500 : 10_000);
    },
  });
  const list = together(acts.data?.pages.flat() ?? []);
  return (
    <aside className="panel timeline" aria-label={t("receipts.title")}>
      <h2>{t("receipts.title")}</h2>
      <p className="hint">{t("receipts.hint")}</p>
      <Failed of={acts} />
      {acts.isPending && <Skeleton active title={false} />}
      {acts.data && list.length === 0 && <p className="empty">{t("receipts.none")}</p>}
      <ol>
        {list.map((same) => (
          <Happened key={same[0]!.id} acts={same} />
        ))}
      </ol>
      {acts.hasNextPage && (
        <Button block loading={acts.isFetchingNextPage} onClick={() => void acts.fetchNextPage()}>
          {t("receipts.more")}
        </Button>
      )}
    </aside>
  );
}

/** together puts acts that were one, of several works, into one entry. */
function together(acts: Act[]): Act[][] {
  const out: Act[][] = [];
  const of = (a: Act) => JSON.stringify([a.kind, a.uses, a.at, a.from, a.until, a.what, a.lift]);
  for (const a of acts) {
    const before = out.at(-1);
    if (before?.[0] && a.work && before[0].work && of(before[0]) === of(a)) before.push(a);
    else out.push([a]);
  }
  return out;
}

const titleOf = (a: Act) => t("rights.quoted", a.title || t("rights.untitled"));

function Happened({ acts }: { acts: Act[] }) {
  const a = acts[0]!;
  const uses = a.uses.length === columns.length ? [t("done.every_use")] : a.uses.map((u) => tr("use", u));
  return (
    <li className={a.kind}>
      <strong>{happened(a)}</strong>
      {uses.length > 0 && <span> {uses.join(t("rights.comma"))}</span>}
      <p>
        {acts.length > 1
          ? t("receipts.several", titleOf(a), acts.length)
          : a.work
            ? titleOf(a)
            : a.kind === "key"
              ? a.what
              : t(a.uses.length > 0 ? "rights.all" : "receipts.every")}
      </p>
      <p className="hint">
        <time dateTime={new Date(a.at).toISOString()}>{moment(a.at)}</time>
        {a.until > 0 && ` · ${t("receipts.until", moment(a.until))}`}
        {a.signed && ` · ${t("passkey.signed")}`}
      </p>
      {acts.length === 1 ? (
        <Receipt leaf={a.id} place={a.place} signed={a.signed} />
      ) : (
        <details className="each">
          <summary>{t("receipts.each", acts.length)}</summary>
          <ul>
            {acts.map((x) => (
              <li key={x.id}>
                {titleOf(x)}
                <Receipt leaf={x.id} place={x.place} signed={x.signed} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** happened is what an act was, in a word or two. */
function happened(a: Act): string {
  if (a.kind === "key") return t(a.lift ? "done.key_retired" : "done.key_added");
  if (a.kind !== "protect") return tr("done", a.kind);
  const what = tr("shield", a.what);
  return t(a.lift ? "done.lifted" : "done.shielded", what);
}
