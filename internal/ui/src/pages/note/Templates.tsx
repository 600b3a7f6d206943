import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Checkbox, Input, Popover } from "antd";
import { useState } from "react";
import { call, type Schemas, type Sheet } from "../../api";
import { t, tr } from "../../i18n";
import type { Edit } from "./useSheet";

type Template = Schemas["Template"];

/** Templates keeps the shape of this note for others, and gives it the shape of one kept
 * before: look and topics at once, pages only if the template has some. */
export function Templates({ sheet, edit }: { sheet: Sheet; edit: (e: Edit) => void }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const list = useQuery({ queryKey: ["templates"], queryFn: () => call<Template[]>("GET", "/api/templates") });
  const [name, setName] = useState("");
  const [pages, setPages] = useState(false);
  const [busy, setBusy] = useState(false);
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
  const use = (m: Template) => {
    const tags = [...sheet.draft.tags, ...m.shape.tags.filter((x) => !sheet.draft.tags.includes(x))];
    edit({
      style: m.shape.style,
      brand: m.shape.brand ?? {},
      tags,
      ...(m.shape.pages.length > 0 ? { pages: m.shape.pages } : {}),
    });
    message.success(t("template.used", m.name));
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="templates">
          {list.error && <Alert type="error" title={list.error.message} />}
          {list.data?.length === 0 && <p className="hint">{t("template.none")}</p>}
          <ul className="plainlist">
            {list.data?.map((m) => (
              <li key={m.id} className="row between">
                <button type="button" className="chip" onClick={() => use(m)}>
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
                  onClick={() => void act(() => call("DELETE", `/api/templates/${m.id}`))}
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
