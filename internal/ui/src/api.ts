import type { components } from "./api.gen";
import { lang, t } from "./i18n";

export type Schemas = components["schemas"];
export type Sheet = Schemas["Sheet"];
export type VersionView = Schemas["VersionView"];
export type CaseView = Schemas["CaseView"];
export type Case = Schemas["Case"];
export type Me = Schemas["Me"];
export type Site = Schemas["Site"];
export type Page = Schemas["Page"];
export type WorkLine = Schemas["WorkLine"];
export type Style = Schemas["Style"];
export type Run = Schemas["Run"];
export type Check = Schemas["Check"];
export type GenerationView = Schemas["GenerationView"];

/** Problem is an RFC 9457 answer: message is the sentence for the person. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const gone = (): Problem => new Problem(0, "offline", t("app.offline"));

/** call sends one request and gives its JSON, or throws a Problem. */
export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const form = body instanceof FormData;
  let res: Response;
  try {
    res = await fetch(path, {
      method,
      headers: {
        "Accept-Language": lang(),
        ...(body !== undefined && !form ? { "Content-Type": "application/json" } : {}),
        ...headers,
      },
      // What is sent as the page is left still arrives.
      keepalive: body === undefined && method !== "GET",
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
  } catch {
    throw gone();
  }
  if (res.status === 204) return undefined as T;
  const data: unknown = await res.json().catch(() => {
    if (res.ok) throw gone(); // half an answer is none
    return null;
  });
  if (!res.ok) {
    const p = data as { code?: string; detail?: string } | null;
    throw new Problem(res.status, p?.code ?? "internal", p?.detail ?? res.statusText);
  }
  return data as T;
}

/** once is an idempotency key: one per intention, kept across retries of it. Not randomUUID,
 * which browsers give to pages over HTTPS only. */
export const once = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
