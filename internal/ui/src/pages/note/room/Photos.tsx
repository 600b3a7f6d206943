import { Button, Input, Segmented } from "antd";
import { useState } from "react";
import { t, tr } from "../../../i18n";
import { Crop } from "./Crop";
import { arrangement, frame, maxCallouts, maxPhotos, type Page } from "./kinds";
import { Prints } from "./Prints";
import type { Room } from "./useRoom";

/** Photos is what a cover or photo page shows: which pictures, how they lie, which part of
 * each, points on them, and how they are rendered. */
export function Photos({
  page,
  room,
  pointing,
  onPoint,
  onChange,
}: {
  page: Page;
  room: Room;
  pointing: boolean;
  onPoint: (on: boolean) => void;
  onChange: (p: Page) => void;
}) {
  const [cutting, setCutting] = useState<number>();
  const photos = page.photos ?? [];
  const set = (e: Partial<Page>) => onChange({ ...page, ...e });
  const setPhotos = (list: typeof photos) => {
    const next = { ...page, photos: list };
    if (list.length === 2 && page.layout === "compare" && !page.lines?.length)
      next.lines = [t("photo.before"), t("photo.after")];
    onChange(next);
  };
  const asis = page.kind === "photo" && !photos.length && page.asset;
  const layouts =
    photos.length === 1
      ? ["full", "framed", ...(page.kind === "photo" ? ["asis"] : [])]
      : photos.length === 2
        ? ["grid", "compare"]
        : [];
  const choose = (layout: string) => {
    if (layout === "asis") {
      const { photos: was, layout: _, callouts: __, print: ___, ...rest } = page;
      return onChange({ ...rest, asset: was?.[0]?.asset ?? "" });
    }
    const lines = layout === "compare" && !page.lines?.length ? { lines: [t("photo.before"), t("photo.after")] } : {};
    set({ layout, ...lines });
  };
  const free = room.pictures.filter((p) => !photos.some((f) => f.asset === p.asset));
  const chosen = photos[cutting ?? -1];
  return (
    <div className="photos">
      {asis && (
        <div className="row">
          <span className="hint">{t("photo.asis_hint")}</span>
          <Button
            id="design-photo"
            onClick={() => {
              const { asset, ...rest } = page;
              onChange({ ...rest, photos: [{ asset: asset ?? "" }] });
            }}
          >
            {t("photo.design")}
          </Button>
        </div>
      )}
      {!asis && (
        <div className="chosen" role="group" aria-label={t("photo.here")}>
          {photos.map((f, i) => (
            <span key={i} className="slot">
              <img
                src={`/api/assets/${f.asset}?small=1`}
                alt={room.pictures.find((p) => p.asset === f.asset)?.alt ?? ""}
              />
              <span className="row">
                <Button id={`crop-${i + 1}`} onClick={() => setCutting(i)}>
                  {t("photo.crop")}
                </Button>
                {i > 0 && (
                  <Button
                    aria-label={t("photo.earlier", i + 1)}
                    onClick={() => {
                      const next = [...photos];
                      next.splice(i - 1, 2, f, photos[i - 1] ?? f);
                      setPhotos(next);
                    }}
                  >
                    ←
                  </Button>
                )}
                <Button aria-label={t("photo.off", i + 1)} onClick={() => setPhotos(photos.filter((_, k) => k !== i))}>
                  ×
                </Button>
              </span>
            </span>
          ))}
          {photos.length < maxPhotos &&
            free.slice(0, 12).map((p, i) => (
              <button
                key={p.asset}
                type="button"
                className="offer"
                id={`put-${i + 1}`}
                aria-label={t("photo.put", p.alt || i + 1)}
                onClick={() => setPhotos([...photos, { asset: p.asset }])}
              >
                <img src={`/api/assets/${p.asset}?small=1`} alt="" loading="lazy" />
                <span>+</span>
              </button>
            ))}
          {photos.length === 0 && free.length === 0 && <p className="hint">{t("photo.add_first")}</p>}
        </div>
      )}
      {layouts.length > 0 && (
        <Segmented
          id="layout"
          value={arrangement(page)}
          onChange={(v) => choose(String(v))}
          options={layouts.map((l) => ({ value: l, label: tr("layout", l) }))}
          aria-label={t("photo.layout")}
        />
      )}
      {arrangement(page) === "compare" && (
        <div className="row pair">
          {[0, 1].map((k) => (
            <Input
              key={k}
              value={page.lines?.[k] ?? ""}
              maxLength={20}
              aria-label={k === 0 ? t("photo.before") : t("photo.after")}
              onChange={(e) => {
                const lines = [page.lines?.[0] ?? "", page.lines?.[1] ?? ""];
                lines[k] = e.target.value;
                set({ lines });
              }}
            />
          ))}
        </div>
      )}
      {photos.length > 0 && (
        <>
          <div className="row">
            <Button
              id="point"
              type={pointing ? "primary" : "default"}
              aria-pressed={pointing}
              onClick={() => onPoint(!pointing)}
            >
              {t("pages.callouts")}
            </Button>
            {pointing && <span className="hint">{t("pages.callouts_hint", maxCallouts)}</span>}
          </div>
          {(page.callouts ?? []).map((c, i) => (
            <div className="row callout" key={i}>
              <b>{i + 1}</b>
              <Input
                value={c.text}
                maxLength={40}
                placeholder={t("pages.callout_words")}
                aria-label={t("pages.point", i + 1, "")}
                onChange={(e) =>
                  set({ callouts: page.callouts?.map((x, k) => (k === i ? { ...x, text: e.target.value } : x)) ?? [] })
                }
              />
              <Button
                type="text"
                aria-label={t("pages.drop_point", i + 1)}
                onClick={() => set({ callouts: page.callouts?.filter((_, k) => k !== i) ?? [] })}
              >
                ×
              </Button>
            </div>
          ))}
          <Prints asset={photos[0]?.asset ?? ""} value={page.print ?? ""} onChange={(print) => set({ print })} />
        </>
      )}
      {chosen && (
        <Crop
          asset={chosen.asset}
          ratio={frame(page, cutting ?? 0)}
          value={chosen.crop}
          onClose={() => setCutting(undefined)}
          onChange={(crop) => {
            setPhotos(photos.map((f, k) => (k === cutting ? (crop ? { ...f, crop } : { asset: f.asset }) : f)));
            setCutting(undefined);
          }}
        />
      )}
    </div>
  );
}
