import { useState } from "react";
import { call } from "../api";

/** useHanded are files handed in as evidence to an address, what is being done with them, and why
 * the last of it failed. */
export function useHanded<T>(to: string, before: T[] = []) {
  const [list, setList] = useState<T[]>(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const act = async (f: () => Promise<void>) => {
    setBusy(true);
    setError("");
    try {
      await f();
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const hand = (files: FileList | null) =>
    void act(async () => {
      for (const file of Array.from(files ?? [])) {
        const form = new FormData();
        form.append("file", file);
        const one = await call<T>("POST", to, form);
        setList((was) => [...was, one]);
      }
    });
  return { list, setList, busy, error, act, hand };
}
