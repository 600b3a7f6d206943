import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Input, Skeleton } from "antd";
import { useId, useState } from "react";
import { Link, Navigate } from "react-router";
import { call, type Schemas } from "../api";
import { claims, useMe, waits } from "../App";
import { Failed } from "../Failed";
import { moment, t, tr } from "../i18n";
import { Clock } from "./notices/clock";
import { Rests } from "./notices/NoticeCase";
import "./notices/notices.css";
import { Links, Pleadings } from "./notices/Pleadings";

type ClaimView = Schemas["ClaimView"];

/** Notices are the takedown notices about one's own works, with the counter-notice, and whether
 * one may publish. */
export function Notices() {
  const me = useMe();
  const list = useInfiniteQuery({ ...claims, enabled: !!me.data?.signed_in });
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/notices" }} />;
  return (
    <main className="wide noticed">
      <h1>{t("notices.title")}</h1>
      <p className="hint">{t("notices.lead")}</p>
      <Failed of={list} />
      {list.data && <Barred />}
      {list.isPending && !list.error && <Skeleton active />}
      {list.data?.pages[0]?.length === 0 && <p className="empty">{t("notices.none")}</p>}
      {list.data?.pages.flat().map((k) => (
        <Claimed key={k.id} of={k} />
      ))}
      {list.hasNextPage && (
        <Button block id="more-claims" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("notices.more")}
        </Button>
      )}
    </main>
  );
}

/** over are the states in which nothing follows any more. */
const over = ["dismissed", "restored", "withdrawn"];

/** Claimed is one claim: what is said against the work, where it stands, her counter-notice. */
function Claimed({ of: k }: { of: ClaimView }) {
  const ended = over.includes(k.state);
  return (
    <section className="panel claim" data-claim={k.id}>
      <h2>
        <Link to={`/note/${k.work}`}>{k.title || t("note.untitled")}</Link>{" "}
        <span className={ended ? "hint" : "notice"}>{tr("claim.state", k.state)}</span>
      </h2>
      <p>{t("notices.says", k.name, tr("standing", k.standing), tr("right", k.right))}</p>
      {!ended && <p>{tr("claim.means", k.state)}</p>}
      <p className="quote">{k.text}</p>
      <Links list={k.links} />
      {k.reason && k.decided_at > 0 && <p>{t("notices.reason", tr("claim.reason", k.reason))}</p>}
      <Clock of={k} />
      <Pleadings list={k.pleadings} />
      {k.restore_at > 0 && <Alert type="info" title={t("notices.restores", moment(k.restore_at))} />}
      {waits(k) && <Counter of={k} />}
    </section>
  );
}

/** Counter is the counter-notice: that the work does not infringe, and what shows it. */
function Counter({ of: k }: { of: ClaimView }) {
  const [text, setText] = useState("");
  const [links, setLinks] = useState("");
  const send = useSend(["claims"]);
  const id = useId();
  const list = links.split(/\s+/).filter(Boolean);
  return (
    <details className="why">
      <summary>{t("counter.title")}</summary>
      <div className="challenge">
        <p className="hint">{t("counter.hint")}</p>
        <label htmlFor={`${id}text`}>{t("counter.text")}</label>
        <Input.TextArea
          id={`${id}text`}
          rows={4}
          value={text}
          maxLength={5000}
          onChange={(e) => setText(e.target.value)}
        />
        <label htmlFor={`${id}links`}>{t("counter.links")}</label>
        <Input.TextArea
          id={`${id}links`}
          rows={2}
          value={links}
          maxLength={3000}
          onChange={(e) => setLinks(e.target.value)}
        />
        {send.error && <Alert type="error" role="alert" title={send.error} />}
        <Button
          type="primary"
          loading={send.busy}
          disabled={text.trim().length < 10}
          onClick={() => send.go(`/api/claims/${k.id}/counter`, { text, links: list })}
        >
          {t("counter.send")}
        </Button>
      </div>
    </details>
  );
}

/** Barred says that one may not publish, why and until when, with the appeal. */
function Barred() {
  const list = useQuery({
    queryKey: ["suspensions"],
    queryFn: () => call<Schemas["Suspension"][]>("GET", "/api/suspensions"),
  });
  const s = list.data?.[0];
  const [text, setText] = useState("");
  const send = useSend(["suspensions"]);
  if (!s || s.lifted_at > 0 || s.until < Date.now()) return <Failed of={list} />;
  return (
    <section className="panel barred">
      <Alert type="warning" title={t("barred.title", moment(s.until))} description={t("barred.why", s.claims.length)} />
      <Rests of={s} />
      {s.appeal ? (
        <p role="status">{tr("barred.appeal", s.outcome || "open")}</p>
      ) : (
        <div className="challenge">
          <Input.TextArea
            rows={3}
            value={text}
            maxLength={2000}
            placeholder={t("barred.appeal_hint")}
            aria-label={t("appeal.title")}
            onChange={(e) => setText(e.target.value)}
          />
          {send.error && <Alert type="error" role="alert" title={send.error} />}
          <Button
            loading={send.busy}
            disabled={!text.trim()}
            onClick={() => send.go(`/api/suspensions/${s.id}/appeal`, { text })}
          >
            {t("appeal.send")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** useSend posts a form once and fetches anew what it changes; what was typed stays on an error. */
function useSend(keys: string[]) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const go = (path: string, body: unknown) => {
    setBusy(true);
    setError("");
    call("POST", path, body)
      .then(() => client.invalidateQueries({ queryKey: keys }))
      .catch((e: Error) => setError(e.message))
      .finally(() => setBusy(false));
  };
  return { busy, error, go };
}
