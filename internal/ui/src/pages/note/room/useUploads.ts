import { useEffect, useRef, useState } from "react";
import { lang, t } from "../../../i18n";

/** Upload is one file on its way. */
export interface Upload {
  id: number;
  name: string;
  /** share of the bytes that are sent, 0 to 1 */
  sent: number;
  state: "waiting" | "sending" | "failed" | "refused";
  why?: string;
}

interface Item extends Upload {
  file: File;
  xhr?: XMLHttpRequest;
}

const mostBytes = 40 << 20;
const together = 2;

/** reason is why a file need not be sent at all; the server says the same of those that are. */
function reason(f: File): string {
  if (/heic|heif|avif/i.test(f.type) || /\.(heic|heif|avif)$/i.test(f.name)) return t("upload.heic");
  if (f.type && !/^image\//.test(f.type)) return t("upload.type");
  if (f.size > mostBytes) return t("upload.large");
  return "";
}

/** useUploads is one queue for all pictures of a note: two at a time, each with its
 * progress, stopped or sent again one by one. Every file is answered. */
export function useUploads(work: string, room: () => number, onDone: (asset: string) => void) {
  const [, paint] = useState(0);
  const items = useRef<Item[]>([]);
  const next = useRef(1);
  const done = useRef(onDone);
  done.current = onDone;
  const show = () => paint((n) => n + 1);

  const start = (it: Item) => {
    const xhr = new XMLHttpRequest();
    it.xhr = xhr;
    it.state = "sending";
    it.sent = 0;
    delete it.why;
    const fail = (why: string) => {
      it.state = "failed";
      it.why = why;
      step();
    };
    xhr.upload.onprogress = (e) => {
      if (e.lengthComputable) it.sent = e.loaded / e.total;
      show();
    };
    xhr.onload = () => {
      let answer: { id?: string; detail?: string } = {};
      try {
        answer = JSON.parse(xhr.responseText) as typeof answer;
      } catch {
        // Not JSON: a proxy's page. The status says enough.
      }
      if (xhr.status === 201 && answer.id) {
        items.current = items.current.filter((x) => x !== it);
        done.current(answer.id);
        step();
      } else fail(answer.detail ?? t("upload.failed", xhr.status));
    };
    xhr.onerror = () => fail(t("upload.offline"));
    xhr.open("POST", `/api/works/${work}/pictures`);
    xhr.setRequestHeader("Accept-Language", lang());
    const form = new FormData();
    form.append("picture", it.file, it.file.name);
    xhr.send(form);
  };
  const step = () => {
    while (items.current.filter((x) => x.state === "sending").length < together) {
      const waiting = items.current.find((x) => x.state === "waiting");
      if (!waiting) break;
      start(waiting);
    }
    show();
  };
  useEffect(() => () => items.current.forEach((x) => x.xhr?.abort()), []);

  return {
    list: items.current as Upload[],
    add: (files: Iterable<File>) => {
      let left = room() - items.current.filter((x) => x.state === "waiting" || x.state === "sending").length;
      for (const file of files) {
        const why = reason(file) || (left > 0 ? "" : t("upload.many"));
        if (!why) left--;
        items.current.push({
          id: next.current++,
          name: file.name,
          sent: 0,
          state: why ? "refused" : "waiting",
          ...(why ? { why } : {}),
          file,
        });
      }
      step();
    },
    drop: (id: number) => {
      items.current.find((x) => x.id === id)?.xhr?.abort();
      items.current = items.current.filter((x) => x.id !== id);
      step();
    },
    retry: (id?: number) => {
      for (const it of items.current)
        if (it.state === "failed" && (id === undefined || it.id === id)) it.state = "waiting";
      step();
    },
    clear: () => {
      items.current = items.current.filter((x) => x.state === "sending" || x.state === "waiting");
      show();
    },
  };
}

export type Uploads = ReturnType<typeof useUploads>;
