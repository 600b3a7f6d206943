import { once } from "../../api";

interface Asked {
  key: string;
  of: string;
}

/** mark is a short name of a value: the same value has the same, so that nothing need be
 * fetched or asked twice. */
export function mark(of: unknown): string {
  let h = 0;
  for (const c of JSON.stringify(of)) h = (Math.imul(h, 31) + c.charCodeAt(0)) | 0;
  return (h >>> 0).toString(36);
}

/** paid asks what costs money. Until an answer came the question keeps its key, through a
 * reload too: asked again with the same words and settings, the server gives the call it may
 * have made, and nothing is paid twice. A refusal does not end that: it may be of the second
 * try only. */
export async function paid<T>(slot: string, of: unknown, ask: (key: string) => Promise<T>): Promise<T> {
  const words = JSON.stringify(of);
  const name = `${words.length}.${mark(words)}`;
  const kept = JSON.parse(sessionStorage.getItem(slot) ?? "null") as Asked | null;
  const key = kept?.of === name ? kept.key : once();
  sessionStorage.setItem(slot, JSON.stringify({ key, of: name } satisfies Asked));
  const answer = await ask(key);
  sessionStorage.removeItem(slot);
  return answer;
}
