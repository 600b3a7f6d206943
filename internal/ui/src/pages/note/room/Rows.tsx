import { Button, Input } from "antd";
import { useRef } from "react";
import { t, tr } from "../../../i18n";

const mostRows = 20;
const mostColumns = 4;

/** Rows is a small table: Enter goes to the row below and makes one where there is none,
 * Backspace in an empty row takes it out. */
export function Rows({
  kind,
  rows,
  columns,
  onChange,
}: {
  kind: string;
  rows: string[][];
  columns?: number;
  onChange: (rows: string[][]) => void;
}) {
  const table = useRef<HTMLDivElement>(null);
  const wide = columns ?? Math.max(2, ...rows.map((r) => r.length));
  const full = rows.length > 0 ? rows : [[]];
  const name = (k: number) => (columns ? tr(`cell.${kind}`, String(k + 1)) : t("pages.column", k + 1));
  const cell = (r: number, k: number) => table.current?.querySelector<HTMLInputElement>(`[data-cell="${r}.${k}"]`);
  const set = (r: number, k: number, v: string) =>
    onChange(full.map((row, i) => (i === r ? pad(row, wide).map((c, j) => (j === k ? v : c)) : row)));
  const focus = (r: number, k: number) => window.requestAnimationFrame(() => cell(r, k)?.focus());
  const key = (e: React.KeyboardEvent, r: number, k: number) => {
    if (e.nativeEvent.isComposing) return; // Enter ends an input method's word first
    if (e.key === "Enter") {
      e.preventDefault();
      if (r + 1 >= full.length && full.length < mostRows) onChange([...full, pad([], wide)]);
      focus(r + 1, k);
    }
    if (e.key === "Backspace" && full.length > 1 && (full[r] ?? []).every((c) => !c)) {
      e.preventDefault();
      onChange(full.filter((_, i) => i !== r));
      focus(Math.max(0, r - 1), k);
    }
    if (e.key === "ArrowDown") focus(r + 1, k);
    if (e.key === "ArrowUp") focus(r - 1, k);
  };
  return (
    <div className="rows" ref={table} role="group" aria-label={t("pages.rows")}>
      {full.map((row, r) => (
        <div className="cells" key={r} style={{ gridTemplateColumns: `repeat(${wide}, minmax(0, 1fr)) 40px` }}>
          {pad(row, wide).map((c, k) => (
            <Input
              key={k}
              data-cell={`${r}.${k}`}
              value={c}
              maxLength={200}
              placeholder={r === 0 ? name(k) : ""}
              aria-label={t("pages.cell", r + 1, name(k))}
              onChange={(e) => set(r, k, e.target.value)}
              onKeyDown={(e) => key(e, r, k)}
            />
          ))}
          <Button
            type="text"
            aria-label={t("pages.drop_row", r + 1)}
            disabled={full.length < 2}
            onClick={() => onChange(full.filter((_, i) => i !== r))}
          >
            ×
          </Button>
        </div>
      ))}
      <div className="row">
        <Button
          id="add-row"
          disabled={full.length >= mostRows}
          onClick={() => {
            onChange([...full, pad([], wide)]);
            focus(full.length, 0);
          }}
        >
          + {t("pages.add_row")}
        </Button>
        {!columns && (
          <>
            <Button
              id="add-column"
              disabled={wide >= mostColumns}
              onClick={() => onChange(full.map((row) => pad(row, wide + 1)))}
            >
              + {t("pages.add_column")}
            </Button>
            <Button disabled={wide <= 2} onClick={() => onChange(full.map((row) => pad(row, wide).slice(0, wide - 1)))}>
              − {t("pages.drop_column")}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

const pad = (row: string[], n: number): string[] => [...row, ...Array<string>(Math.max(0, n - row.length)).fill("")];
