import { Button, Input } from "antd";
import { useRef } from "react";
import { t } from "../../../i18n";
import { Field } from "../Field";
import { useUndo } from "../useUndo";
import { shown, type Picture } from "./kinds";
import { Queue } from "./Queue";
import type { Room } from "./useRoom";
import type { Uploads } from "./useUploads";

/** Tray is her own pictures: added, described, ordered, put on the page. */
export function Tray({ room, uploads, onUse }: { room: Room; uploads: Uploads; onUse: (asset: string) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const { pictures, pages } = room;
  const offer = useUndo();
  const set = (f: (now: Picture[]) => Picture[]) => room.change((now) => ({ pictures: f(now.pictures) }));
  const move = (i: number, by: number) =>
    set((now) => {
      const next = [...now];
      const [taken] = next.splice(i, 1);
      if (taken) next.splice(i + by, 0, taken);
      return next;
    });
  const undescribed = pictures.filter((p) => !p.alt.trim()).length;
  return (
    <Field label={t("photo.own")}>
      <div className="row">
        <Button id="add-photos" onClick={() => picker.current?.click()}>
          + {t("note.photo")}
        </Button>
        <span className="hint">{t("note.photo_hint")}</span>
        <input
          ref={picker}
          id="photo-files"
          type="file"
          accept="image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif"
          multiple
          hidden
          onChange={(e) => {
            uploads.add(Array.from(e.target.files ?? []));
            e.target.value = "";
          }}
        />
      </div>
      <Queue uploads={uploads} />
      {pictures.length === 0 && uploads.list.length === 0 && <p className="hint none">{t("photo.none")}</p>}
      {undescribed > 0 && <p className="hint">{t("photo.undescribed", undescribed)}</p>}
      <ul className="tray">
        {pictures.map((p, i) => {
          const on = pages.findIndex((x) => shown(x).includes(p.asset));
          return (
            <li key={p.asset}>
              <button type="button" className="pic" aria-label={t("photo.use", i + 1)} onClick={() => onUse(p.asset)}>
                <img src={`/api/assets/${p.asset}?small=1`} alt={p.alt} width="88" height="88" loading="lazy" />
                {on >= 0 && <span className="on">{t("photo.on", on + 1)}</span>}
              </button>
              <Input.TextArea
                value={p.alt}
                maxLength={200}
                autoSize={{ minRows: 2, maxRows: 3 }}
                status={p.alt.trim() ? "" : "warning"}
                placeholder={t("photo.alt_hint")}
                aria-label={t("photo.alt", i + 1)}
                onChange={(e) =>
                  set((now) => now.map((x) => (x.asset === p.asset ? { ...x, alt: e.target.value } : x)))
                }
              />
              <span className="acts">
                <Button
                  type="text"
                  aria-label={t("photo.earlier", i + 1)}
                  disabled={i === 0}
                  onClick={() => move(i, -1)}
                >
                  ←
                </Button>
                <Button
                  type="text"
                  aria-label={t("photo.later", i + 1)}
                  disabled={i === pictures.length - 1}
                  onClick={() => move(i, 1)}
                >
                  →
                </Button>
                <Button
                  type="text"
                  aria-label={t("photo.drop", i + 1)}
                  title={on >= 0 ? t("photo.used") : ""}
                  disabled={on >= 0}
                  onClick={() => {
                    set((now) => now.filter((x) => x.asset !== p.asset));
                    offer(t("photo.dropped", i + 1), () => set((now) => [...now.slice(0, i), p, ...now.slice(i)]));
                  }}
                >
                  ×
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
    </Field>
  );
}
