import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { call, Problem, type Sheet } from "../../api";
import { t } from "../../i18n";

/** Edit is a change of a draft; what is not named stays. */
export type Edit = Partial<Pick<Sheet, "title" | "body">> &
  Partial<Pick<Sheet["draft"], "tags" | "pages" | "style" | "brand" | "pictures" | "sound">>;

/** Clash is a draft that was changed elsewhere where it was changed here too: nothing is sent
 * until she chose. What she has here goes on growing meanwhile, so it is not in it. */
export interface Clash {
  base: Sheet; // what both were changed from
  theirs: Sheet;
}

/** Whose is whose words of a field stay. */
export type Whose = "mine" | "theirs" | "both";

/** Kept is what this device still has to send, with the draft it was typed on. */
interface Kept {
  edit: Edit;
  base: Sheet;
}

const keep = (id: string) => `loam.unsent.${id}`;

/** value is a field of a sheet as an Edit names it. */
export function value(s: Sheet, field: keyof Edit): unknown {
  return field === "title" || field === "body" ? s[field] : s.draft[field];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** torn are the edited fields somebody else changed too, and otherwise. */
export function torn(edit: Edit, base: Sheet, now: Sheet): (keyof Edit)[] {
  return (Object.keys(edit) as (keyof Edit)[]).filter((f) => {
    const theirs = value(now, f);
    return !same(value(base, f), theirs) && !same(edit[f], theirs);
  });
}

/** apart is where two texts differ: the lines they begin and end with alike, and what each has
 * between them. */
export function apart(mine: string, theirs: string): { head: string; mine: string; theirs: string; tail: string } {
  const a = mine.split("\n");
  const b = theirs.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const between = (x: string[]) => x.slice(head, x.length - tail).join("\n");
  return {
    head: a.slice(0, head).join("\n"),
    mine: between(a),
    theirs: between(b),
    tail: tail ? a.slice(-tail).join("\n") : "",
  };
}

/** both are the words of two texts: what they share once, where they differ one after the
 * other. */
export function both(mine: unknown, theirs: unknown): string {
  const d = apart(String(mine ?? ""), String(theirs ?? ""));
  const middle = [d.mine, d.theirs].filter(Boolean).join("\n\n");
  return [d.head, middle, d.tail].filter(Boolean).join("\n");
}

/** useSheet is a note on the table. What was typed is saved by itself, one save at a time,
 * each on the revision the last one gave. Until it is saved it lies on this device, so that
 * neither a lost network nor a closed window takes it. Changes made elsewhere are taken in;
 * where both changed the same field, she decides. */
export function useSheet(id: string) {
  const client = useQueryClient();
  const sheet = useQuery({
    queryKey: ["work", id],
    queryFn: () => call<Sheet>("GET", `/api/works/${id}`),
    staleTime: Infinity,
  });
  const [typed, setTyped] = useState<Edit>({});
  const [error, setError] = useState<Problem>();
  const [clash, setClash] = useState<Clash>();
  const unsettled = useRef<Clash>(undefined);
  const [busy, setBusy] = useState(false);
  const [offline, setOffline] = useState(false);
  const pending = useRef<Edit>({});
  const base = useRef<Sheet>(undefined); // the draft the pending edit was typed on
  const chain = useRef<Promise<unknown>>(Promise.resolve());
  const timer = useRef<number>(undefined);
  const wait = useRef(0);

  const now = useCallback(() => client.getQueryData<Sheet>(["work", id]), [client, id]);

  const disagree = useCallback((c?: Clash) => {
    unsettled.current = c;
    setClash(c);
  }, []);

  /** hold keeps what is not sent on this device. */
  const hold = useCallback(
    (edit: Edit) => {
      try {
        if (Object.keys(edit).length === 0) localStorage.removeItem(keep(id));
        else if (base.current) localStorage.setItem(keep(id), JSON.stringify({ edit, base: base.current } as Kept));
      } catch {
        // The device's store is full or closed: the words are still on the page.
      }
    },
    [id],
  );

  /** run sends one change after the ones before it and lays the answer on the table. */
  const run = useCallback(
    (send: (revision: number) => Promise<Sheet>) => {
      const next = chain.current.then(async () => {
        const was = now();
        if (!was) return;
        setBusy(true);
        try {
          const fresh = await send(was.revision);
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
    [client, id, now],
  );

  /** send saves one edit, on what lies on the server now if nobody touched its fields. */
  const send = useCallback(
    async (edit: Edit, revision: number): Promise<Sheet> => {
      try {
        return await call<Sheet>("PUT", `/api/works/${id}/draft`, { revision, ...edit });
      } catch (e) {
        if (!(e instanceof Problem) || e.code !== "draft.changed") throw e;
        const theirs = await call<Sheet>("GET", `/api/works/${id}`);
        if (base.current && torn(edit, base.current, theirs).length > 0) {
          disagree({ base: base.current, theirs });
          throw e;
        }
        return await call<Sheet>("PUT", `/api/works/${id}/draft`, { revision: theirs.revision, ...edit });
      }
    },
    [disagree, id],
  );

  const again = useRef<() => void>(() => undefined);
  const flush = useCallback(async () => {
    window.clearTimeout(timer.current);
    const edit = pending.current;
    pending.current = {};
    if (Object.keys(edit).length > 0) {
      await run(async (revision) => {
        try {
          if (unsettled.current) throw new Problem(409, "draft.changed", t("clash.first"));
          const s = await send(edit, revision);
          setTyped((was) => Object.fromEntries(Object.entries(was).filter(([k, v]) => v !== edit[k as keyof Edit])));
          base.current = s;
          hold(pending.current);
          setOffline(false);
          wait.current = 0;
          return s;
        } catch (e) {
          pending.current = { ...edit, ...pending.current };
          hold(pending.current);
          if (e instanceof Problem && e.status === 0) {
            setOffline(true);
            wait.current = Math.min(30_000, (wait.current || 1000) * 2);
            timer.current = window.setTimeout(() => again.current(), wait.current);
          }
          throw e;
        }
      });
    }
    await chain.current;
    return now();
  }, [hold, now, run, send]);
  again.current = () => void flush().catch(() => undefined);

  const edit = useCallback(
    (e: Edit) => {
      if (Object.keys(pending.current).length === 0) base.current = now();
      pending.current = { ...pending.current, ...e };
      hold(pending.current);
      setTyped((was) => ({ ...was, ...e }));
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => again.current(), 700);
    },
    [hold, now],
  );

  /** settle ends a clash: of each field both changed what she chose stays, as it reads now. */
  const settle = useCallback(
    (chosen: Partial<Record<keyof Edit, Whose>>) => {
      if (!unsettled.current) return;
      const { base: was, theirs } = unsettled.current;
      const mine = pending.current;
      const fields = torn(mine, was, theirs);
      const kept = (Object.keys(mine) as (keyof Edit)[]).map((f): [keyof Edit, unknown] => {
        const whose = (fields.includes(f) && chosen[f]) || "mine";
        const other = value(theirs, f);
        return [f, whose === "mine" ? mine[f] : whose === "theirs" ? other : both(mine[f], other)];
      });
      client.setQueryData(["work", id], theirs);
      disagree();
      setError(undefined);
      base.current = theirs;
      pending.current = {};
      hold({});
      setTyped({});
      const differs = kept.filter(([f, v]) => !same(v, value(theirs, f)));
      if (differs.length > 0) {
        edit(Object.fromEntries(differs) as Edit);
        again.current();
      }
    },
    [client, disagree, edit, hold, id],
  );

  /** forget drops what is unsent: the note is gone. */
  const forget = useCallback(() => {
    window.clearTimeout(timer.current);
    pending.current = {};
    hold({});
  }, [hold]);

  // What this device could not send the last time is typed again.
  const loaded = !!sheet.data;
  useEffect(() => {
    if (!loaded) return;
    const raw = localStorage.getItem(keep(id));
    const s = now();
    if (!raw || !s) return;
    const kept = JSON.parse(raw) as Kept;
    if ((Object.keys(kept.edit) as (keyof Edit)[]).every((f) => same(kept.edit[f], value(s, f)))) {
      localStorage.removeItem(keep(id));
      return;
    }
    base.current = kept.base;
    pending.current = kept.edit;
    setTyped(kept.edit);
    if (torn(kept.edit, kept.base, s).length > 0) disagree({ base: kept.base, theirs: s });
    else again.current();
  }, [disagree, id, loaded, now]);

  useEffect(() => {
    const back = () => again.current();
    const gone = () => setOffline(true);
    // Another window or device changed the draft: taken in unless something is unsent here.
    const changed = (e: Event) => {
      if ((e as CustomEvent<string>).detail !== id || Object.keys(pending.current).length > 0) return;
      void chain.current.then(async () => {
        const s = await call<Sheet>("GET", `/api/works/${id}`);
        const was = now();
        if (was && s.revision > was.revision && Object.keys(pending.current).length === 0)
          client.setQueryData(["work", id], s);
      });
    };
    const warn = (e: BeforeUnloadEvent) => {
      if (Object.keys(pending.current).length > 0) e.preventDefault();
    };
    window.addEventListener("online", back);
    window.addEventListener("offline", gone);
    window.addEventListener("loam:draft", changed);
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("online", back);
      window.removeEventListener("offline", gone);
      window.removeEventListener("loam:draft", changed);
      window.removeEventListener("beforeunload", warn);
      window.clearTimeout(timer.current);
      again.current(); // leaving the page is no reason to lose the last second
    };
  }, [client, id, now]);

  return {
    sheet,
    typed,
    edit,
    run,
    flush,
    settle,
    forget,
    clash,
    busy,
    offline,
    error,
    dirty: Object.keys(typed).length > 0,
  };
}
