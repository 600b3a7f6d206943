import { App as AntApp, Button, Select } from "antd";
import { useState } from "react";
import { call, type Sheet } from "../../api";
import { t, tr } from "../../i18n";
import { Field } from "./Field";
import { useUndo } from "./useUndo";
import { AddPage } from "./room/AddPage";
import { BrandBox } from "./room/BrandBox";
import { formOf, fresh, kinds, maxPhotos, shown, turned, type Page } from "./room/kinds";
import { Live } from "./room/Live";
import { Outline } from "./room/Outline";
import { PageForm } from "./room/PageForm";
import { Photos } from "./room/Photos";
import { SoundBox } from "./room/SoundBox";
import { StyleRow } from "./room/StyleRow";
import { Tray } from "./room/Tray";
import { useFiles } from "./room/useFiles";
import { useRoom, type Table } from "./room/useRoom";
import { isSound, useSound } from "./room/useSound";
import { useUploads } from "./room/useUploads";
import "./room/room.css";

const mostPictures = 80;

/** Pages is the room of the carousel: the outline, the chosen page as it will look beside
 * its words, her own pictures, and one style for all. */
export function Pages({
  s,
  sheet,
  page,
  setPage,
}: {
  s: Table;
  sheet: Sheet;
  page: number;
  setPage: (n: number) => void;
}) {
  const room = useRoom(s, sheet);
  const { message } = AntApp.useApp();
  const offer = useUndo();
  const [pointing, setPointing] = useState(false);
  const { pages } = room;
  const most = sheet.counters.pages.max;
  const at = Math.max(0, Math.min(page, pages.length - 1));
  const current = pages[at];
  const uploads = useUploads(
    sheet.id,
    () => mostPictures - room.latest.current.pictures.length,
    (asset) =>
      room.change((now) => {
        const pictures = [...now.pictures, { asset, alt: "" }];
        const here = now.pages[at];
        // A page that waits for its photo takes it; else it becomes a page, while there is room.
        if (here?.kind === "photo" && shown(here).length === 0)
          return { pictures, pages: now.pages.map((p, i) => (i === at ? { ...p, photos: [{ asset }] } : p)) };
        return now.pages.length < most ? { pictures, pages: [...now.pages, { kind: "photo", asset }] } : { pictures };
      }),
  );
  const sound = useSound(s, sheet);
  const held = useFiles((files) => {
    sound.take(files.filter(isSound));
    uploads.add(files.filter((f) => !isSound(f)));
  });
  const choose = (n: number) => {
    setPage(n);
    setPointing(false);
  };
  const move = (from: number, to: number) => {
    room.change((now) => {
      const next = [...now.pages];
      const [taken] = next.splice(from, 1);
      if (taken) next.splice(to, 0, taken);
      return { pages: next };
    });
    choose(to);
  };
  const insert = (p: Page, where: number) => {
    room.change((now) => ({ pages: [...now.pages.slice(0, where), p, ...now.pages.slice(where)] }));
    choose(where);
  };
  const remove = (n: number) => {
    const gone = pages[n];
    if (!gone) return;
    room.change((now) => ({ pages: now.pages.filter((_, i) => i !== n) }));
    choose(Math.max(0, n - 1));
    offer(t("pages.removed", n + 1), () => insert(gone, Math.min(n, room.latest.current.pages.length)));
  };
  const redraw = (from_body: boolean) =>
    void s
      .flush()
      .then(() =>
        s.run((revision) => call<Sheet>("POST", `/api/works/${sheet.id}/pages/${at}/redraw`, { revision, from_body })),
      )
      .catch((e: Error) => message.error(e.message));
  const use = (asset: string) => {
    const took = current && ["cover", "photo"].includes(current.kind) && (current.photos?.length ?? 0) < maxPhotos;
    if (!took || (current.kind === "photo" && current.asset)) {
      const n = pages.findIndex((p) => shown(p).includes(asset));
      if (n >= 0) choose(n);
      else if (pages.length < most) insert({ kind: "photo", photos: [{ asset }] }, at + 1);
      return;
    }
    if (shown(current).includes(asset)) return;
    room.setPage(at, { ...current, photos: [...(current.photos ?? []), { asset }] });
  };
  const drawings = pages.map((p, index) => ({
    style: room.style,
    brand: room.brand,
    page: p,
    index,
    total: pages.length,
  }));
  const drawing = drawings[at];
  const plain = current?.kind === "photo" && !current.photos?.length; // nothing to lay out otherwise
  const form = current ? formOf(current.kind) : "lines";
  return (
    <div className={held ? "panel room held" : "panel room"}>
      <Field label={t("note.pages")} counter={{ count: pages.length, max: most }}>
        <Outline work={sheet.id} drawings={drawings} current={at} onChoose={choose} onMove={move} onRemove={remove} />
        <div className="row">
          <AddPage disabled={pages.length >= most} onAdd={(kind) => insert(fresh(kind, pages), at + 1)} />
          <span className="hint keys-hint">{t("pages.keys_hint")}</span>
        </div>
      </Field>
      {current && drawing && (
        <section className="bench" aria-label={t("note.page", at + 1)}>
          <Live work={sheet.id} drawing={drawing} pointing={pointing} onChange={(p) => room.setPage(at, p)} />
          <div className="words-of-page">
            <div className="row page-tools">
              {current.kind === "cover" ? (
                <b>{tr("pagekind", "cover")}</b>
              ) : (
                <Select
                  id="page-kind"
                  value={current.kind}
                  aria-label={t("pages.kind")}
                  style={{ width: 140 }}
                  onChange={(kind) => room.setPage(at, turned(current, kind, pages.slice(0, at)))}
                  options={kinds.map((k) => ({ value: k.kind, label: tr("pagekind", k.kind) }))}
                />
              )}
              {at > 0 && (
                <>
                  <Button
                    id="page-earlier"
                    aria-label={t("note.earlier")}
                    disabled={at <= 1}
                    onClick={() => move(at, at - 1)}
                  >
                    ←
                  </Button>
                  <Button
                    id="page-later"
                    aria-label={t("note.later")}
                    disabled={at >= pages.length - 1}
                    onClick={() => move(at, at + 1)}
                  >
                    →
                  </Button>
                  <Button
                    id="page-copy"
                    disabled={pages.length >= most}
                    onClick={() => insert(structuredClone(current), at + 1)}
                  >
                    {t("pages.copy")}
                  </Button>
                  <Button id="page-remove" onClick={() => remove(at)}>
                    {t("note.drop_page")}
                  </Button>
                </>
              )}
            </div>
            <PageForm key={at} page={current} onChange={(p) => room.setPage(at, p)} />
            {(form === "cover" || form === "photo") && (
              <Photos
                page={current}
                room={room}
                pointing={pointing}
                onPoint={setPointing}
                onChange={(p) => room.setPage(at, p)}
              />
            )}
            {!plain && (
              <div className="row">
                <Button id="page-redraw" onClick={() => redraw(false)}>
                  {current.kind === "cover" && !current.photos?.length ? t("pages.next_cover") : t("pages.next_layout")}
                </Button>
                {form !== "cover" && form !== "photo" && (
                  <Button id="page-from-body" onClick={() => redraw(true)}>
                    {t("pages.from_body")}
                  </Button>
                )}
              </div>
            )}
          </div>
        </section>
      )}
      <Tray room={room} uploads={uploads} onUse={use} />
      <SoundBox sound={sound} />
      <StyleRow sheet={sheet} style={room.style} onChange={(style) => s.edit({ style })} />
      <BrandBox brand={room.brand} onChange={(brand) => s.edit({ brand })} />
    </div>
  );
}
