import { useQuery } from "@tanstack/react-query";
import { App as AntApp, Button, Input } from "antd";
import { useRef, useState } from "react";
import { call, type Sheet, type Style } from "../../api";
import { lang, t } from "../../i18n";
import { Field } from "./Field";
import type { Edit } from "./useSheet";

/** Pages is the carousel: choose, move, add photos, and one style for all. */
export function Pages({
  sheet,
  page,
  setPage,
  edit,
  flush,
}: {
  sheet: Sheet;
  page: number;
  setPage: (n: number) => void;
  edit: (e: Edit) => void;
  flush: () => Promise<void>;
}) {
  const styles = useQuery({
    queryKey: ["styles"],
    queryFn: () => call<Style[]>("GET", "/api/styles"),
    staleTime: Infinity,
  });
  const { message } = AntApp.useApp();
  const [sending, setSending] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const d = sheet.draft;
  const current = d.pages[page];
  const take = async (files: FileList | null) => {
    setSending(true);
    try {
      for (const f of Array.from(files ?? [])) {
        const form = new FormData();
        form.append("picture", f);
        const a = await call<{ id: string }>("POST", `/api/works/${sheet.id}/pictures`, form);
        const alt = f.name.replace(/\.[^.]+$/, "").slice(0, 100);
        edit({ pictures: [...d.pictures, { asset: a.id, alt }], pages: [...d.pages, { kind: "photo", asset: a.id }] });
        await flush();
      }
    } catch (e) {
      message.error((e as Error).message);
    } finally {
      setSending(false);
      if (picker.current) picker.current.value = "";
    }
  };
  const move = (by: number) => {
    const pages = [...d.pages];
    const [taken] = pages.splice(page, 1);
    if (taken) pages.splice(page + by, 0, taken);
    setPage(page + by);
    edit({ pages });
  };
  return (
    <div
      className="panel"
      onDragOver={(e) => e.preventDefault()}
      onDrop={(e) => {
        e.preventDefault();
        void take(e.dataTransfer.files);
      }}
      onPaste={(e) => e.clipboardData.files.length > 0 && void take(e.clipboardData.files)}
    >
      <Field label={t("note.pages")} counter={sheet.counters.pages}>
        <div className="pages" role="group" aria-label={t("note.pages")}>
          {d.pages.map((p, i) => (
            <button
              type="button"
              key={i}
              aria-pressed={i === page}
              aria-label={t("note.page", i + 1)}
              onClick={() => setPage(i)}
            >
              <img
                src={`/api/works/${sheet.id}/pages/${i}?small=1&r=${sheet.revision}`}
                alt={p.title ?? ""}
                width="96"
                height="128"
                loading="lazy"
              />
            </button>
          ))}
        </div>
        <div className="row">
          <Button size="small" disabled={page <= 1} onClick={() => move(-1)}>
            ← {t("note.earlier")}
          </Button>
          <Button size="small" disabled={page === 0 || page >= d.pages.length - 1} onClick={() => move(1)}>
            {t("note.later")} →
          </Button>
          <Button
            size="small"
            disabled={page === 0 || page >= d.pages.length}
            onClick={() => {
              edit({ pages: d.pages.filter((_, i) => i !== page) });
              setPage(Math.max(0, page - 1));
            }}
          >
            {t("note.drop_page")}
          </Button>
          <Button size="small" loading={sending} onClick={() => picker.current?.click()}>
            {t("note.photo")}
          </Button>
          <input
            ref={picker}
            type="file"
            accept="image/jpeg,image/png,image/webp,image/gif"
            multiple
            hidden
            onChange={(e) => void take(e.target.files)}
          />
          <span className="hint">{t("note.photo_hint")}</span>
        </div>
      </Field>
      {current?.kind === "cover" && (
        <Field label={t("note.cover_title")}>
          <Input
            value={current.title ?? ""}
            maxLength={60}
            aria-label={t("note.cover_title")}
            onChange={(e) => edit({ pages: d.pages.map((p, i) => (i === page ? { ...p, title: e.target.value } : p)) })}
          />
        </Field>
      )}
      <Field label={t("note.style")}>
        <div className="styles">
          {styles.data?.map((x) => (
            <button
              type="button"
              key={x.name}
              aria-pressed={x.name === d.style}
              onClick={() => edit({ style: x.name })}
            >
              <img
                src={`/api/works/${sheet.id}/pages/0?style=${x.name}&small=1&t=${encodeURIComponent(d.pages[0]?.title ?? "")}`}
                alt=""
                width="72"
                height="96"
                loading="lazy"
              />
              {lang() === "zh" ? x.zh : x.en}
            </button>
          ))}
        </div>
      </Field>
    </div>
  );
}
