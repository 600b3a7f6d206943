import { App as AntApp } from "antd";
import { useEffect, useRef, useState } from "react";
import type { Schemas, Sheet } from "../../../api";
import { lang, t } from "../../../i18n";
import type { Table } from "./useRoom";

export type Sound = Schemas["Sound"];

const mostBytes = 20 << 20;
const mostName = 60;

/** isSound reports whether a file calls itself a sound; the server looks at its bytes. */
export const isSound = (f: File): boolean => /^audio\//.test(f.type);

/** reason is why a file need not be sent at all; the server says the same of those that are. */
function reason(f: File): string {
  if (/^video\//.test(f.type) && !/\.m4a$/i.test(f.name)) return t("sound.film");
  if (f.size > mostBytes) return t("sound.large");
  return "";
}

/** nameOf is what a file is called without its ending. */
const nameOf = (f: File): string =>
  Array.from(f.name.replace(/\.[^.]*$/, ""))
    .slice(0, mostName)
    .join("");

/** Sending is a sound on its way: sent is the share of its bytes, why what stopped it. */
export interface Sending {
  file: File;
  sent: number;
  why?: string;
}

/** useSound is the one sound of a note as it is typed now, and the one on its way to it. */
export function useSound(s: Table, sheet: Sheet) {
  const { message } = AntApp.useApp();
  const now = s.typed.sound ?? sheet.draft.sound;
  const [sending, setSending] = useState<Sending>();
  const xhr = useRef<XMLHttpRequest>(undefined);
  useEffect(() => () => xhr.current?.abort(), []);

  const send = (file: File) => {
    xhr.current?.abort();
    const why = reason(file);
    if (why) return setSending({ file, sent: 0, why });
    const x = new XMLHttpRequest();
    xhr.current = x;
    setSending({ file, sent: 0 });
    const fail = (why: string) => setSending({ file, sent: 0, why });
    x.upload.onprogress = (e) => e.lengthComputable && setSending({ file, sent: e.loaded / e.total });
    x.onload = () => {
      let a: { id?: string; millis?: number; ai?: string; detail?: string } = {};
      try {
        a = JSON.parse(x.responseText) as typeof a;
      } catch {
        // Not JSON: a proxy's page. The status says enough.
      }
      if (x.status !== 201 || !a.id) return fail(a.detail ?? t("upload.failed", x.status));
      setSending(undefined);
      s.edit({ sound: { asset: a.id, name: nameOf(file), millis: a.millis ?? 0 } });
      if (a.ai && a.ai !== "none") void message.info(t("sound.marked"), 8);
    };
    x.onerror = () => fail(t("upload.offline"));
    x.open("POST", `/api/works/${sheet.id}/sounds`);
    x.setRequestHeader("Accept-Language", lang());
    const form = new FormData();
    form.append("sound", file, file.name);
    x.send(form);
  };
  return {
    now: now?.asset ? now : undefined,
    sending,
    /** take takes the first of some files: a note has one sound. */
    take: (files: File[]) => {
      if (files.length > 1) void message.info(t("sound.one"));
      if (files[0]) send(files[0]);
    },
    retry: () => sending && send(sending.file),
    drop: () => {
      xhr.current?.abort();
      setSending(undefined);
    },
    set: (sound: Sound | undefined) => s.edit({ sound: sound ?? { asset: "", name: "" } }),
  };
}

export type SoundTable = ReturnType<typeof useSound>;
