/** The server counts places in bytes of UTF-8, the browser in units of UTF-16. */

const utf8 = new TextEncoder();

/** bytes is a text's length in UTF-8. */
export const bytes = (s: string): number => utf8.encode(s).length;

/** cutter gives the part of a text between two places; without the second, the rest of it. */
export function cutter(s: string): (from: number, to?: number) => string {
  const raw = utf8.encode(s);
  return (from, to) => new TextDecoder().decode(raw.slice(from, to));
}
