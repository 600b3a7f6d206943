import { Tooltip } from "antd";
import { useEffect, useRef } from "react";
import { useKeys } from "../../keys";
import { day, t, tr } from "../../i18n";
import { Answer, type Acts } from "./Answer";
import type { Picks } from "./usePicks";
import { columns, groups, type Row } from "./rights";

/** Of the columns before the uses. */
const pickColumn = 0;
const titleColumn = 1;
const firstUse = 2;

/** step is where an arrow, Home or End goes in the grid. */
const steps: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** Grid is works by uses, one place of the Tab order: arrows move within it. Its first row
 * stands for every work without a word of its own. */
export function Grid({ rows, picks, acts }: { rows: Row[]; picks: Picks; acts: Acts }) {
  const table = useRef<HTMLTableElement>(null);
  const cell = (r: number, c: number) =>
    table.current?.querySelector<HTMLElement>(`[data-row="${r}"][data-col="${c}"]`) ?? undefined;
  useEffect(() => {
    if (!table.current?.querySelector('[data-row][tabindex="0"]')) cell(1, firstUse)?.setAttribute("tabindex", "0");
  });
  const focused = () => document.activeElement?.closest("td")?.querySelector<HTMLElement>(".brief");
  useKeys([
    { key: "← ↑ → ↓", label: t("rights.key_move") },
    { key: t("rights.space"), label: t("rights.key_turn") },
    { key: "W", label: t("rights.key_why"), run: () => focused()?.click() },
    {
      key: "X",
      label: t("rights.key_pick"),
      run: () => document.activeElement?.closest("tr")?.querySelector<HTMLElement>(".pick")?.click(),
    },
  ]);
  const move = (e: React.KeyboardEvent) => {
    const d = steps[e.key];
    const at = (e.target as HTMLElement).closest("th, td")?.querySelector<HTMLElement>("[data-row]");
    if (!d || !at || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    const end = { row: rows.length, col: firstUse + columns.length - 1 };
    let [r, c] = [Number(at.dataset.row), Number(at.dataset.col)];
    if (Math.abs(d[1]) > 1) c = d[1] < 0 ? -1 : end.col + 1; // to the edge, then inwards
    const by = Math.abs(d[1]) > 1 ? [0, -Math.sign(d[1])] : d;
    for (;;) {
      [r, c] = [r + by[0]!, c + by[1]!];
      if (r < 0 || c < 0 || r > end.row || c > end.col) return;
      const next = cell(r, c);
      if (next) return next.focus();
    }
  };
  const roam = (e: React.FocusEvent) => {
    const at = (e.target as HTMLElement).closest("[data-row]");
    if (!at) return;
    table.current?.querySelectorAll('[data-row][tabindex="0"]').forEach((x) => x.setAttribute("tabindex", "-1"));
    at.setAttribute("tabindex", "0");
  };
  return (
    <div className="gridbox">
      <table role="grid" className="uses" aria-label={t("rights.grid")} ref={table} onKeyDown={move} onFocus={roam}>
        <colgroup>
          <col className="pickbox" />
          <col />
          {columns.map((u) => (
            <col key={u} className={edge(u)} />
          ))}
        </colgroup>
        <Head rows={rows} picks={picks} />
        <tbody>
          {rows.map((row, i) => (
            <Line key={row.work} row={row} n={i + 1} picked={picks.has(row.work)} onPick={picks.pick} acts={acts} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ rows, picks }: { rows: Row[]; picks: Picks }) {
  return (
    <thead>
      <tr>
        <td colSpan={2} />
        {groups.map((g) => (
          <th key={g.name} colSpan={g.uses.length} scope="colgroup" className="group">
            {tr("usegroup", g.name)}
          </th>
        ))}
      </tr>
      <tr>
        <th className="pickbox">
          {rows.length > 1 && (
            <input
              type="checkbox"
              className="pick"
              aria-label={t("rights.pick_all")}
              checked={picks.all}
              onChange={picks.toggleAll}
              data-row={0}
              data-col={pickColumn}
              tabIndex={-1}
            />
          )}
        </th>
        <th scope="col" className="title">
          {t("rights.note")}
        </th>
        {columns.map((u, i) => (
          <th key={u} scope="col" className={edge(u)}>
            <Tooltip title={`${tr("use", u)}${t("rights.colon")}${tr("usewhy", u)}`} trigger={["hover", "focus"]}>
              <button type="button" className="use" data-row={0} data-col={firstUse + i} tabIndex={-1}>
                {tr("usecol", u)}
              </button>
            </Tooltip>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** edge marks where a group of uses begins. */
const edge = (u: string) => (groups.some((g) => g.uses[0] === u) ? "edge" : "");

interface LineProps {
  row: Row;
  n: number;
  picked: boolean;
  onPick: Picks["pick"];
  acts: Acts;
}

function Line({ row, n, picked, onPick, acts }: LineProps) {
  return (
    <tr className={row.work ? (picked ? "picked" : "") : "every"} data-work={row.work}>
      <td className="pickbox">
        {row.work && (
          <input
            type="checkbox"
            className="pick"
            aria-label={t("rights.pick", row.title)}
            checked={picked}
            onChange={() => undefined}
            onClick={(e) => onPick(row.work, e.shiftKey)}
            data-row={n}
            data-col={pickColumn}
            tabIndex={-1}
          />
        )}
      </td>
      <th scope="row" className="title">
        {row.work ? (
          <>
            <a href={`/p/${row.work}`} title={row.title} data-row={n} data-col={titleColumn} tabIndex={-1}>
              {row.title}
            </a>
            <small>{day(row.released)}</small>
          </>
        ) : (
          <>
            {row.title}
            <small>{t("rights.all_hint")}</small>
          </>
        )}
      </th>
      {row.uses.map((p, i) => (
        <td key={p.use} className={edge(p.use)}>
          <Answer row={row} p={p} acts={acts} at={{ "data-row": n, "data-col": firstUse + i, tabIndex: -1 }} />
        </td>
      ))}
    </tr>
  );
}
