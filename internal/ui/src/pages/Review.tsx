import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Input, Skeleton } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { Navigate } from "react-router";
import { call, type Case, type CaseView, type Schemas } from "../api";
import { has, useMe } from "../App";
import { Failed } from "../Failed";
import { t, tr, type Word } from "../i18n";
import { type Key, useKeys } from "../keys";
import { Left, useLease } from "./lease";
import { Asked, SightedIn } from "./protections/Asked";
import { Copies, Evidence, LabelCase, Marked, Precedents, Under } from "./review/Evidence";
import { SoundCase } from "./review/SoundCase";
import { BarredCase, claimReasons, everyClaimReason, NoticeCase } from "./notices/NoticeCase";

type DecisionView = Schemas["DecisionView"];
type Ruling = "allow" | "limit" | "remove";
const reasons = [
  "fraud",
  "advertising",
  "diversion",
  "rumor",
  "abuse",
  "porn",
  "privacy",
  "ip",
  "copy",
  "quality",
  "likeness",
  "minors",
  "violence",
  "gambling",
  "drugs",
  "discrimination",
  "politics",
  "terror",
  "limits",
  "injection",
];

/** Review is the console: queue, case in the middle, evidence right; a key for every act. */
export function Review() {
  const me = useMe();
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/review" }} />;
  if (!has(me.data, "reviewer")) return <p className="empty">{t("app.not_yours")}</p>;
  return <Console />;
}

function Console() {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const queue = useQuery({
    queryKey: ["queue"],
    queryFn: () => call<Case[]>("GET", "/api/review/queue"),
    refetchInterval: 10_000,
  });
  const [at, setAt] = useState("");
  const list = queue.data ?? [];
  const place = Math.max(
    0,
    list.findIndex((c) => c.id === at),
  );
  const current = list[place]?.id ?? "";
  const look = useQuery({ ...peek(current), enabled: current !== "", retry: false });
  const lease = useLease(current);
  const next = list[place + 1]?.id;
  useEffect(() => {
    if (next) void client.prefetchQuery(peek(next));
  }, [client, next]);
  const [reason, setReason] = useState("");
  const [shown, setShown] = useState(false);
  const [loud, setLoud] = useState(false); // sound is off until she turns it on, for each case anew
  // The rulings of this sitting that can still be taken back, the last at the end.
  const [undoable, setUndoable] = useState<DecisionView[]>([]);
  const stack = useRef(undoable);
  const restack = (change: (was: DecisionView[]) => DecisionView[]) =>
    setUndoable((stack.current = change(stack.current)));
  const [phrase, setPhrase] = useState("");
  const noteKey = `note ${current}`;
  const [note, setNote] = useState("");
  useEffect(() => {
    setReason("");
    setPhrase("");
    setShown(false);
    setLoud(false);
    setNote(localStorage.getItem(noteKey) ?? "");
  }, [noteKey]);
  const c = look.data;
  const choose = (r: string) => {
    setReason(r);
    lease.hold();
  };

  const after = useCallback(async () => {
    lease.drop();
    setAt("");
    client.removeQueries({ queryKey: ["peek", current] });
    void client.invalidateQueries({ queryKey: ["day"] });
    await client.invalidateQueries({ queryKey: ["queue"] });
  }, [client, current, lease]);
  // What is done goes one after the other.
  const line = useRef(Promise.resolve());
  const act = (f: () => Promise<void>) =>
    void (line.current = line.current.then(f).catch((e: Error) => void message.error(e.message)));
  /** settle is act for what takes the case from the desk: once, however often it is pressed
   * before the next one is there. */
  const going = useRef(new Set<string>());
  const settle = (f: () => Promise<void>) => {
    if (going.current.has(current)) return;
    going.current.add(current);
    act(() =>
      f()
        .then(after)
        .finally(() => going.current.delete(current)),
    );
  };
  const falls = !!c && !!(c.label || c.barred); // what is challenged stands or falls
  // What was never registered, such as a comment, has no uses that could be frozen meanwhile.
  const offered = (r: string) => r !== "urgent" || !!c?.notice?.own.work;
  const codes = c?.notice ? everyClaimReason.filter(offered) : reasons;
  const named = (r: string) => tr(c?.notice ? "claim.reason" : "risk", r);
  const rule = (ruling: Ruling) => {
    if (!c || (falls && ruling === "limit")) return;
    const why = ruling !== "allow" && falls ? (c.label ? "label" : c.risk) : reason;
    if (c.notice && !claimReasons[ruling].filter(offered).some((r) => r === reason)) {
      message.info(t("notice.reason_first", claimReasons[ruling].filter(offered).map(named).join(t("rights.comma"))));
      return;
    }
    if (ruling !== "allow" && !why) {
      message.info(t("review.reason_first"));
      return;
    }
    settle(async () => {
      const held = await lease.take();
      const d = await call<DecisionView>("POST", `/api/review/cases/${held.id}/decision`, {
        token: held.token,
        ruling,
        reason: ruling === "allow" ? why || "ok" : why,
        note,
        ...(ruling === "remove" && phrase.trim() && { phrase }),
      });
      localStorage.removeItem(noteKey);
      restack((was) => [...was, d]);
      window.setTimeout(() => restack((was) => was.filter((x) => x.id !== d.id)), 5000);
    });
  };
  const undo = () =>
    act(async () => {
      const last = stack.current.at(-1);
      if (!last) {
        message.info(t("review.undo_none"));
        return;
      }
      restack((was) => was.filter((x) => x.id !== last.id));
      const back = await call<CaseView>("POST", `/api/review/decisions/${last.id}/undo`);
      client.setQueryData(["peek", back.id], back);
      await client.invalidateQueries({ queryKey: ["queue"] });
      void client.invalidateQueries({ queryKey: ["day"] });
      setAt(back.id);
    });
  const skip = () => settle(() => call("POST", `/api/review/cases/${current}/skip`));
  const escalate = () => {
    if (!c) return;
    settle(async () => {
      const held = await lease.take();
      await call("POST", `/api/review/cases/${held.id}/escalate`, { token: held.token });
    });
  };
  const [folded, setFolded] = useState(
    () =>
      (localStorage.getItem("queue folded") ?? String(!window.matchMedia("(min-width: 1200px)").matches)) === "true",
  );
  const fold = () => {
    setFolded(!folded);
    localStorage.setItem("queue folded", String(!folded));
  };
  const go = (by: number) => setAt(list[Math.min(list.length - 1, Math.max(0, place + by))]?.id ?? "");
  const keys: Key[] = [
    { key: "A", label: t("review.allow"), run: () => rule("allow") },
    { key: "L", label: t("review.limit"), run: () => rule("limit") },
    { key: "R", label: t("review.remove"), run: () => rule("remove") },
    { key: "E", label: t("review.escalate"), run: escalate },
    { key: "S", label: t("review.skip"), run: skip },
    { key: "Z", label: t("review.undo"), run: undo },
    { key: "J", label: t("review.down"), run: () => go(1) },
    { key: "K", label: t("review.up"), run: () => go(-1) },
    { key: "Q", label: t("review.fold"), run: fold },
    { key: "V", label: t("review.show"), run: () => setShown(true), up: () => setShown(false) },
    { key: "M", label: t("review.sound"), run: () => setLoud((was) => !was) },
    ...codes.slice(0, 9).map((r, i) => ({ key: String(i + 1), label: named(r), run: () => choose(r) })),
  ];
  useKeys(keys);
  const ruled = undoable.at(-1);

  return (
    <main className="wide">
      <Today />
      {queue.data && <Asked />}
      {ruled && (
        <Alert
          type="success"
          role="status"
          style={{ marginBottom: 16 }}
          title={t("review.decided", decidedAs(ruled))}
          description={ruled.statement}
          action={
            <Button onClick={undo} id="undo">
              {t("review.undo")}
              <kbd>Z</kbd>
            </Button>
          }
        />
      )}
      <Failed of={queue} />
      {queue.isPending ? (
        <Skeleton active />
      ) : !queue.data ? null : list.length === 0 ? (
        <p className="empty">{t("review.empty")}</p>
      ) : (
        <div className={["console", shown && "shown", folded && "folded"].filter(Boolean).join(" ")}>
          <nav aria-label={t("review.queue")}>
            <button type="button" className="fold" aria-expanded={!folded} aria-controls="queue" onClick={fold}>
              {t("review.waiting", list.length)}
            </button>
            <ul className="queue" id="queue" hidden={folded}>
              {list.map((x) => (
                <li key={x.id}>
                  <button type="button" aria-current={x.id === current} onClick={() => setAt(x.id)}>
                    {x.kind === "label" ? t("risk.label") : tr("risk", x.risk)}
                    <small>
                      {tr("case", x.kind)} {x.reports > 0 && t("review.reports", x.reports)} {x.escalated && "↑"}
                    </small>
                  </button>
                </li>
              ))}
            </ul>
          </nav>
          {look.error ? (
            <Alert
              type="warning"
              title={look.error.message}
              action={
                <span className="row">
                  <Button loading={look.isFetching} onClick={() => void look.refetch()}>
                    {t("app.again")}
                  </Button>
                  <Button onClick={skip}>{t("review.skip")}</Button>
                </span>
              }
            />
          ) : !c ? (
            <Skeleton active />
          ) : (
            <>
              <article className="panel" aria-label={t("review.case")}>
                {lease.problem && <Alert type="warning" role="alert" title={lease.problem} />}
                {lease.until > 0 && <Left until={lease.until} onLost={lease.hold} />}
                {c.pictures.length > 0 && (
                  <>
                    <div className="veiled strip">
                      {c.pictures.map((p, i) => (
                        <img
                          key={p.url}
                          src={p.url}
                          alt={p.alt || t("review.picture", i + 1)}
                          tabIndex={0}
                          width={p.width}
                          height={p.height}
                        />
                      ))}
                    </div>
                    <p className="hint">{t("review.veil")}</p>
                  </>
                )}
                {c.sound && <SoundCase key={c.id} c={c} of={c.sound} on={loud} onTurn={() => setLoud(!loud)} />}
                {c.content.form === "comment" ? (
                  <h1>{t("review.comment")}</h1>
                ) : (
                  <>
                    {c.content.form === "profile" && <p className="hint">{t("review.profile")}</p>}
                    <h1>
                      {c.content.title ? <Marked text={c.content.title} field="title" view={c} /> : t("note.untitled")}
                    </h1>
                  </>
                )}
                {c.note && <Under note={c.note} />}
                <div style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                  <Marked text={c.content.body} field="body" view={c} />
                </div>
                <p style={{ color: "var(--sprout)" }}>
                  {c.content.tags?.map((x, i) => (
                    <span key={x}>
                      #<Marked text={x} field={`tags.${i}`} view={c} />{" "}
                    </span>
                  ))}
                </p>
              </article>
              <aside aria-label={t("review.evidence")}>
                {c.label && <LabelCase c={c} of={c.label} />}
                {c.notice && <NoticeCase of={c.notice} />}
                {c.barred && <BarredCase of={c.barred} />}
                <Evidence c={c} />
                <SightedIn list={c.sightings} />
                <Copies c={c} />
                <Precedents list={c.precedents} />
                <div className="panel">
                  <h2>{t("review.why")}</h2>
                  {c.label && <p className="hint">{t("review.label_how")}</p>}
                  {c.notice && <p className="hint">{t("notice.how")}</p>}
                  {!falls && (
                    <div className="reasons">
                      {codes.map((r, i) => (
                        <button
                          type="button"
                          className="chip"
                          key={r}
                          aria-pressed={r === reason}
                          onClick={() => choose(r)}
                        >
                          {named(r)} {i < 9 && <kbd>{i + 1}</kbd>}
                        </button>
                      ))}
                    </div>
                  )}
                  <Input.TextArea
                    style={{ marginTop: 8 }}
                    rows={2}
                    value={note}
                    placeholder={t("review.note")}
                    aria-label={t("review.note")}
                    onChange={(e) => {
                      setNote(e.target.value);
                      lease.hold();
                      localStorage.setItem(noteKey, e.target.value);
                    }}
                  />
                  {c.notice && (
                    <Input
                      style={{ marginTop: 8 }}
                      value={phrase}
                      maxLength={40}
                      placeholder={t("notice.phrase")}
                      aria-label={t("notice.phrase")}
                      onChange={(e) => setPhrase(e.target.value)}
                    />
                  )}
                  {reason && !c.notice && !falls && <p className="hint">{t("review.statement", tr("risk", reason))}</p>}
                  <div className="rulings">
                    <Button type="primary" onClick={() => rule("allow")}>
                      {acts(c).allow}
                      <kbd>A</kbd>
                    </Button>
                    {!falls && (
                      <Button onClick={() => rule("limit")}>
                        {acts(c).limit}
                        <kbd>L</kbd>
                      </Button>
                    )}
                    <Button danger={!falls} onClick={() => rule("remove")}>
                      {acts(c).remove}
                      <kbd>R</kbd>
                    </Button>
                    <Button onClick={escalate}>
                      {t("review.escalate")}
                      <kbd>E</kbd>
                    </Button>
                    <Button onClick={skip}>
                      {t("review.skip")}
                      <kbd>S</kbd>
                    </Button>
                  </div>
                  <p className="hint">{t("keys.hint")}</p>
                </div>
              </aside>
            </>
          )}
        </div>
      )}
    </main>
  );
}

/** decidedAs is a ruling as it is told once it is made: on a claim it is its reason that counts. */
const decidedAs = (d: DecisionView): string =>
  everyClaimReason.includes(d.reason) ? t("notice.chose", tr("claim.reason", d.reason)) : tr("ruling", d.ruling);

/** acts are what the rulings are called on a case. */
function acts(c: CaseView): Record<Ruling, string> {
  const names = (allow: Word, remove: Word) => ({ allow: t(allow), limit: t("review.limit"), remove: t(remove) });
  if (c.label) return names("review.label_falls", "review.label_stands");
  if (c.barred) return names("barred.falls", "barred.stands");
  if (c.notice) return { ...names("notice.dismiss", "notice.uphold"), limit: t("notice.wait") };
  return names("review.allow", "review.remove");
}

/** peek reads a case without taking it. */
const peek = (id: string) => ({
  queryKey: ["peek", id],
  queryFn: () => call<CaseView>("GET", `/api/review/cases/${id}`),
  staleTime: 60_000,
});

const minute = 60_000;
/** rest is after how long without a pause a break is suggested. */
const rest = 45 * minute;

/** Today is how long she has looked at cases today; a break is suggested, never forced. */
function Today() {
  const day = useQuery({
    queryKey: ["day"],
    queryFn: () => call<Schemas["ReviewDay"]>("GET", "/api/review/day"),
    refetchInterval: minute,
  });
  const [later, setLater] = useState(0);
  if (!day.data) return null;
  const { decided, seconds, since } = day.data;
  const tired = since > 0 && Date.now() - since > rest && Date.now() > later;
  return (
    <>
      <p className="hint" role="status">
        {t("review.today", decided, Math.round(seconds / 60))}
      </p>
      {tired && (
        <Alert
          type="info"
          style={{ marginBottom: 16 }}
          title={t("review.rest", Math.round((Date.now() - since) / minute))}
          action={<Button onClick={() => setLater(Date.now() + 10 * minute)}>{t("review.rest_later")}</Button>}
        />
      )}
    </>
  );
}
