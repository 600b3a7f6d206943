import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App as AntApp, Button, Checkbox, Input, Popover } from "antd";
import { useState } from "react";
import { call, type Schemas, type Sheet } from "../../api";
import { Failed } from "../../Failed";
import { t, tr } from "../../i18n";
import type { Edit } from "./useSheet";
import { useUndo } from "./useUndo";

type Template = Schemas["Template"];

/** Templates keeps the shape of this note for others, and gives it the shape of one kept
 * before: kind, look and topics, pages only if the template has some. */
export function Templates({
  sheet,
  edit,
  settle,
}: {
  sheet: Sheet;
  edit: (e: Edit) => void;
  /** settle saves what is typed and gives the note a kind. */
  settle: (kind: string) => Promise<Sheet>;
}) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const list = useQuery({ queryKey: ["templates"], queryFn: () => call<Template[]>("GET", "/api/templates") });
  const [name, setName] = useState("");
  const [pages, setPages] = useState(false);
  const [busy, setBusy] = useState(false);
  const [gone, setGone] = useState<string[]>([]); // dropped, while it can be taken back
  const offer = useUndo();
  const act = async (f: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await f();
      await client.invalidateQueries({ queryKey: ["templates"] });
    } catch (e) {
      message.error((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const use = (m: Template) =>
    act(async () => {
      const now = await settle(m.shape.kind);
      const added = m.shape.tags.filter((x) => !now.draft.tags.includes(x));
      const room = Math.max(0, now.counters.tags.max - now.draft.tags.length);
      edit({
        style: m.shape.style,
        brand: m.shape.brand ?? {},
        ...(added.length > 0 && room > 0 ? { tags: [...now.draft.tags, ...added.slice(0, room)] } : {}),
        ...(m.shape.pages.length > 0 ? { pages: m.shape.pages } : {}),
      });
      const over = added.length - room;
      message.success(over > 0 ? t("template.used_part", m.name, over) : t("template.used", m.name));
    });
  const drop = (m: Template) => {
    setGone((was) => [...was, m.id]);
    const back = () => setGone((was) => was.filter((x) => x !== m.id));
    offer(
      t("template.dropped", m.name),
      back,
      () =>
        void call("DELETE", `/api/templates/${m.id}`)
          .then(() => client.invalidateQueries({ queryKey: ["templates"] }))
          .catch((e: Error) => {
            back();
            message.error(e.message);
          }),
    );
  };
  const kept = list.data?.filter((m) => !gone.includes(m.id));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="templates">
          <Failed of={list} />
          {kept?.length === 0 && <p className="hint">{t("template.none")}</p>}
          <ul className="plainlist">
            {kept?.map((m) => (
              <li key={m.id} className="row between">
                <button type="button" className="chip" disabled={busy} onClick={() => void use(m)}>
                  {m.name}
                </button>
                <span className="hint">
                  {tr("kind", m.shape.kind)}
                  {m.shape.pages.length > 0 && ` · ${t("history.pages", m.shape.pages.length)}`}
                </span>
                <Button
                  size="small"
                  type="text"
                  disabled={busy}
                  aria-label={t("template.drop", m.name)}
                  onClick={() => drop(m)}
                >
                  ×
                </Button>
              </li>
            ))}
          </ul>
          <Input
            value={name}
            maxLength={40}
            placeholder={t("template.name")}
            aria-label={t("template.name")}
            onChange={(e) => setName(e.target.value)}
          />
          <Checkbox checked={pages} onChange={(e) => setPages(e.target.checked)}>
            {t("template.pages")}
          </Checkbox>
          <Button
            size="small"
            loading={busy}
            disabled={!name.trim()}
            onClick={() =>
              void act(async () => {
                await call("POST", "/api/templates", { name, work: sheet.id, pages });
                setName("");
              })
            }
          >
            {t("template.save")}
          </Button>
        </div>
      }
    >
      <Button size="small" id="templates">
        {t("template.title")}
      </Button>
    </Popover>
  );
}
