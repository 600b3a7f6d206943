import { Input, InputNumber } from "antd";
import { t, tr } from "../../../i18n";
import { columnsOf, formOf, type Page } from "./kinds";
import { Lines } from "./Lines";
import { Rows } from "./Rows";

/** PageForm is a page's words, in the form its kind has. */
export function PageForm({ page, onChange }: { page: Page; onChange: (p: Page) => void }) {
  const set = (e: Partial<Page>) => onChange({ ...page, ...e });
  const form = formOf(page.kind);
  const pictured = !!page.photos?.length;
  const asis = page.kind === "photo" && !pictured;
  if (asis) return null;
  return (
    <>
      {page.kind !== "quote" && (
        <label className="part">
          <span>{page.kind === "question" ? t("pages.question") : t("pages.title")}</span>
          <Input
            id="page-title"
            value={page.title ?? ""}
            maxLength={120}
            onChange={(e) => set({ title: e.target.value })}
          />
        </label>
      )}
      {(form === "cover" || pictured) && (
        <label className="part">
          <span>{t("pages.sub")}</span>
          <Input id="page-sub" value={page.sub ?? ""} maxLength={120} onChange={(e) => set({ sub: e.target.value })} />
        </label>
      )}
      {page.kind === "step" && (
        <label className="part">
          <span>{t("pages.number")}</span>
          <InputNumber
            id="page-number"
            min={1}
            max={99}
            value={page.number ?? 1}
            onChange={(v) => set({ number: v ?? 1 })}
          />
        </label>
      )}
      {form === "rows" && (
        <Rows
          kind={page.kind}
          rows={page.rows ?? []}
          columns={columnsOf(page.kind)}
          onChange={(rows) => set({ rows })}
        />
      )}
      {(form === "lines" || page.kind === "size") && (
        <Lines
          id="page-lines"
          label={tr("linesof", page.kind)}
          hint={page.kind === "question" ? t("pages.answer_hint") : undefined}
          lines={page.lines ?? []}
          onChange={(lines) => set({ lines })}
        />
      )}
    </>
  );
}
