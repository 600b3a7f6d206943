import { Alert, Button } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { call, type CaseView } from "../api";
import { t } from "../i18n";

/** useLease takes the case one works on, never one that is only passed: at the first act,
 * or when one stays for two seconds. A case left undecided is given back. */
export function useLease(id: string) {
  const asked = useRef<{ id: string; until: number; got: Promise<CaseView> }>(undefined);
  const [until, setUntil] = useState(0);
  const [problem, setProblem] = useState("");
  const take = useCallback(() => {
    const was = asked.current;
    if (was?.id === id && Date.now() < was.until - 60_000) return was.got;
    const got = call<CaseView>("POST", `/api/review/cases/${id}/lease`);
    const now = { id, until: Infinity, got };
    asked.current = now;
    got.then(
      (c) => {
        now.until = c.lease_until;
        if (asked.current !== now) return;
        setUntil(c.lease_until);
        setProblem("");
      },
      (e: Error) => {
        if (asked.current !== now) return;
        asked.current = undefined;
        setUntil(0);
        setProblem(e.message);
      },
    );
    return got;
  }, [id]);
  const hold = useCallback(() => void take().catch(() => undefined), [take]);
  const drop = useCallback(() => {
    asked.current = undefined;
    setUntil(0);
    setProblem("");
  }, []);
  useEffect(() => {
    if (!id) return;
    const stays = window.setTimeout(hold, 2000);
    return () => {
      window.clearTimeout(stays);
      const was = asked.current;
      drop();
      void was?.got.then(() => call("POST", `/api/review/cases/${was.id}/release`)).catch(() => undefined);
    };
  }, [id, hold, drop]);
  return useMemo(() => ({ until, problem, take, hold, drop }), [until, problem, take, hold, drop]);
}

/** Left shows how long the case is hers; a lost one is taken again, typed notes stay. */
export function Left({ until, onLost }: { until: number; onLost: () => void }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const tick = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(tick);
  }, []);
  const left = Math.max(0, Math.floor((until - now) / 1000));
  if (left === 0)
    return (
      <Alert type="warning" title={t("review.lost")} action={<Button onClick={onLost}>{t("review.take")}</Button>} />
    );
  return (
    <p className="hint" role="timer">
      {t("review.lease", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`)}
    </p>
  );
}
