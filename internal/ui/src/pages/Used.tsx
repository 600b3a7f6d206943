import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { App as AntApp, Button, Skeleton } from "antd";
import { useState } from "react";
import { Link, Navigate } from "react-router";
import { call, type Schemas } from "../api";
import { useMe, useSite } from "../App";
import { Failed } from "../Failed";
import { moment, t, tr } from "../i18n";
import "./rights/used.css";

type Corpus = Schemas["Corpus"];

/** pageOf is how many works the server gives at once. */
const pageOf = 50;

/** Used is where a creator's works were used: every training set built here, which of her works
 * are in it, what was trained on it, and the proof of either answer. */
export function Used() {
  const me = useMe();
  const sets = useQuery({
    queryKey: ["corpora"],
    queryFn: () => call<Corpus[]>("GET", "/api/rights/corpora"),
    enabled: !!me.data?.signed_in,
  });
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/rights/used" }} />;
  const list = sets.data;
  const mine = list?.filter((c) => c.yours > 0).length ?? 0;
  return (
    <main className="wide used">
      <p className="hint">
        <Link to="/rights">← {t("nav.rights")}</Link>
      </p>
      <h1>{t("used.title")}</h1>
      <p className="lead">{t("used.lead")}</p>
      <Failed of={sets} />
      {!list ? (
        !sets.error && <Skeleton active paragraph={{ rows: 6 }} />
      ) : list.length === 0 ? (
        <section className="panel">
          <p className="empty">{t("used.none")}</p>
        </section>
      ) : (
        <>
          <p className="sum">
            <strong>{mine === 0 ? t("used.nowhere", list.length) : t("used.sum", mine, list.length)}</strong>
          </p>
          {list.map((c) => (
            <Set key={c.id} of={c} />
          ))}
        </>
      )}
      <p className="hint">{t("used.beyond")}</p>
    </main>
  );
}

/** Set is one training set: what it was for, what of hers is in it, and where it went. */
function Set({ of: c }: { of: Corpus }) {
  const [proving, prove] = useState(false);
  return (
    <section className={c.yours > 0 ? "panel with" : "panel"} data-corpus={c.id} aria-label={c.name}>
      <header className="row between">
        <h2>
          {c.name} <span className="hint">{tr("use", c.use)}</span>
        </h2>
        <time className="hint" dateTime={new Date(c.at).toISOString()}>
          {moment(c.at)}
        </time>
      </header>
      <p>{c.yours > 0 ? t("used.with", c.yours, c.records) : t("used.without", c.records)}</p>
      {c.models.length > 0 ? (
        <>
          <h3>{t("used.models")}</h3>
          <ul className="models">
            {c.models.map((m) => (
              <li key={m.id}>
                {m.name}{" "}
                <span className="hint">
                  {moment(m.at)} · {m.retired ? t("used.retired", moment(m.retired)) : t("used.in_use")}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="hint">{t("used.no_models")}</p>
      )}
      {c.yours > 0 && <Taken of={c} />}
      {c.place < 0 ? (
        <p className="hint recording" role="status">
          {t("receipt.recording")}
        </p>
      ) : (
        <Button aria-expanded={proving} onClick={() => prove(!proving)}>
          {t(c.yours > 0 ? "used.prove_in" : "used.prove_not")}
        </Button>
      )}
      {proving && <Proof of={c} />}
    </section>
  );
}

/** Taken are her works in a set, and whether she still allows the use. */
function Taken({ of: c }: { of: Corpus }) {
  const [open, setOpen] = useState(false);
  const works = useInfiniteQuery({
    queryKey: ["corpus-works", c.id],
    queryFn: ({ pageParam }) =>
      call<Schemas["TakenWork"][]>("GET", `/api/rights/corpora/${c.id}/works${pageParam && `?after=${pageParam}`}`),
    initialPageParam: "",
    getNextPageParam: (page) => (page.length < pageOf ? undefined : page.at(-1)?.named),
    enabled: open,
  });
  return (
    <details className="each" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("used.which", c.yours)}</summary>
      <Failed of={works} />
      {open && works.isPending && <Skeleton active title={false} />}
      <ul className="taken">
        {works.data?.pages.flat().map((w) => (
          <li key={w.work}>
            <a href={`/p/${w.work}`}>{w.title || t("rights.untitled")}</a>
            <span className={w.allowed ? "hint" : "verdict"}>{t(w.allowed ? "used.allowed" : "used.taken_back")}</span>
          </li>
        ))}
      </ul>
      {works.hasNextPage && (
        <Button size="small" loading={works.isFetchingNextPage} onClick={() => void works.fetchNextPage()}>
          {t("rights.more")}
        </Button>
      )}
    </details>
  );
}

/** Proof is what proves it to a stranger, and how. */
function Proof({ of: c }: { of: Corpus }) {
  const site = useSite();
  const { message } = AntApp.useApp();
  const path = `/api/rights/corpora/${c.id}/extract`;
  const file = `loam-${c.place}.extract.json`;
  const command = `loam-verify --key '${site.data?.key ?? ""}' --extract ${file} ${location.origin}/log`;
  return (
    <div className="proof">
      <p>{t("used.proves")}</p>
      <div className="row">
        <Button size="small" type="primary" href={path} download={file}>
          {t("used.download")}
        </Button>
        <Button
          size="small"
          onClick={() =>
            void navigator.clipboard.writeText(command).then(
              () => message.success(t("take.copied")),
              () => message.error(t("take.blocked")),
            )
          }
        >
          {t("receipt.copy_command")}
        </Button>
      </div>
      <p className="hint">{t("used.verify")}</p>
      <pre tabIndex={0}>{command}</pre>
      <p className="hint">{t("used.proves_not")}</p>
    </div>
  );
}
