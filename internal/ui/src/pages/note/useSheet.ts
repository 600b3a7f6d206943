import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { call, type Problem, type Sheet } from "../../api";

/** Edit is a change of a draft; what is not named stays. */
export type Edit = {
  title?: string;
  body?: string;
  tags?: string[];
  pages?: Sheet["draft"]["pages"];
  style?: string;
  pictures?: Sheet["draft"]["pictures"];
};

/** useSheet is a note on the table: what was typed is saved by itself, one save at a
 * time, each on the revision the last one gave. */
export function useSheet(id: string) {
  const client = useQueryClient();
  const sheet = useQuery({
    queryKey: ["work", id],
    queryFn: () => call<Sheet>("GET", `/api/works/${id}`),
    staleTime: Infinity,
  });
  const [typed, setTyped] = useState<Edit>({});
  const [error, setError] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const pending = useRef<Edit>({});
  const chain = useRef<Promise<unknown>>(Promise.resolve());
  const timer = useRef<number>(undefined);

  /** run sends one change after the ones before it and lays the answer on the table. */
  const run = useCallback(
    (send: (revision: number) => Promise<Sheet>) => {
      const next = chain.current.then(async () => {
        const now = client.getQueryData<Sheet>(["work", id]);
        if (!now) return;
        setBusy(true);
        try {
          const fresh = await send(now.revision);
          client.setQueryData(["work", id], fresh);
          setError(undefined);
          return fresh;
        } finally {
          setBusy(false);
        }
      });
      chain.current = next.catch((e: unknown) => setError(e as Problem));
      return next;
    },
    [client, id],
  );

  const flush = useCallback(async () => {
    window.clearTimeout(timer.current);
    const edit = pending.current;
    pending.current = {};
    if (Object.keys(edit).length > 0) {
      await run(async (revision) => {
        try {
          const s = await call<Sheet>("PUT", `/api/works/${id}/draft`, { revision, ...edit });
          setTyped((was) => Object.fromEntries(Object.entries(was).filter(([k, v]) => v !== edit[k as keyof Edit])));
          return s;
        } catch (e) {
          pending.current = { ...edit, ...pending.current }; // kept, and sent again with the next change
          throw e;
        }
      });
    }
    await chain.current;
  }, [id, run]);

  const edit = useCallback(
    (e: Edit) => {
      pending.current = { ...pending.current, ...e };
      setTyped((was) => ({ ...was, ...e }));
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => void flush().catch(() => undefined), 700);
    },
    [flush],
  );

  useEffect(() => {
    const warn = (e: BeforeUnloadEvent) => {
      if (Object.keys(pending.current).length > 0) e.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);

  return { sheet, typed, edit, run, flush, busy, error, dirty: Object.keys(typed).length > 0 };
}
