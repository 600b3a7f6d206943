import { useSyncExternalStore } from "react";
import words from "./words.json";

export type Lang = "zh" | "en";
const listeners = new Set<() => void>();

/** lang is the language of the app: the cookie the server reads too, then the browser's. */
export function lang(): Lang {
  const kept = /(?:^|; )lang=(zh|en)/.exec(document.cookie)?.[1];
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("en") ? "en" : "zh";
}

export function setLang(l: Lang): void {
  document.cookie = `lang=${l}; path=/; max-age=31536000; samesite=lax`;
  for (const f of listeners) f();
}

export function useLang(): Lang {
  return useSyncExternalStore((f) => {
    listeners.add(f);
    return () => listeners.delete(f);
  }, lang);
}

export type Word = keyof typeof words;

/** t is a word or sentence of the app in its language, {0} filled in. */
export function t(key: Word, ...args: (string | number)[]): string {
  const s = words[key][lang() === "zh" ? 0 : 1] ?? key;
  return args.reduce<string>((out, a, i) => out.replaceAll(`{${i}}`, String(a)), s);
}

/** tr is t for a key made at run time, such as a risk or state; unknown ones show themselves. */
export function tr(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in words ? t(key as Word) : value;
}

/** place is a part of a note in words, such as picture.2. */
export function place(field: string): string {
  const picture = field.replace(/\.read$/, "");
  if (picture !== field) return t("field.of_read", place(picture));
  const [part = "", n] = field.split(".");
  if (n === undefined) return tr("field", part);
  return `${tr("field", part)} ${Number(n) + (part === "tags" ? 1 : 0)}`;
}

/** date is how a day is written; the year is said of another than this one. */
const date = (ms: number): Intl.DateTimeFormatOptions => ({
  ...(new Date(ms).getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }),
  month: "short",
  day: "numeric",
});

/** day is a day as a person of the language would write it. */
export const day = (ms: number): string => new Date(ms).toLocaleDateString(lang(), date(ms));

/** moment is a day and a time of it. */
export const moment = (ms: number): string =>
  new Date(ms).toLocaleString(lang(), { ...date(ms), hour: "2-digit", minute: "2-digit" });

/** yuan is a sum in micro-yuan as money, with the decimals small sums need. */
export const yuan = (micro: number): string =>
  new Intl.NumberFormat(lang(), {
    style: "currency",
    currency: "CNY",
    currencyDisplay: "narrowSymbol",
    maximumFractionDigits: 4,
  }).format(micro / 1_000_000);

/** duration is how long a sound is, as a player shows it: 3:07. */
export const duration = (ms: number): string => {
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
};
