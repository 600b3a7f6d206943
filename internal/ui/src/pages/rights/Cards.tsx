import { day, t, tr } from "../../i18n";
import { Answer, type Acts } from "./Answer";
import type { Picks } from "./usePicks";
import { groups, name, type Row } from "./rights";

/** Cards are the grid on a phone: a work is a card that opens to its uses. */
export function Cards({ rows, picks, acts }: { rows: Row[]; picks: Picks; acts: Acts }) {
  return (
    <>
      {rows.length > 1 && (
        <label className="pickall">
          <input type="checkbox" className="pick" checked={picks.all} onChange={picks.toggleAll} />{" "}
          {t("rights.pick_all")}
        </label>
      )}
      <ul className="cards">
        {rows.map((row) => (
          <Card key={row.work} row={row} picks={picks} acts={acts} />
        ))}
      </ul>
    </>
  );
}

function Card({ row, picks, acts }: { row: Row; picks: Picks; acts: Acts }) {
  const yes = row.uses.filter((p) => acts.chosen.get(name(row.work, p.use))?.allowed ?? p.allowed).length;
  return (
    <li className={row.work ? "" : "every"} data-work={row.work}>
      {row.work && (
        <input
          type="checkbox"
          className="pick"
          aria-label={t("rights.pick", row.title)}
          checked={picks.has(row.work)}
          onChange={() => undefined}
          onClick={(e) => picks.pick(row.work, e.shiftKey)}
        />
      )}
      <details>
        <summary>
          <strong>{row.title}</strong>
          <small>
            {row.work ? `${day(row.released)} · ` : ""}
            {t("rights.of", yes, row.uses.length)}
          </small>
        </summary>
        <p className="hint">{row.work ? <a href={`/p/${row.work}`}>{t("rights.read")}</a> : t("rights.all_hint")}</p>
        {groups.map((g) => (
          <section key={g.name} aria-label={tr("usegroup", g.name)}>
            <h3>{tr("usegroup", g.name)}</h3>
            {row.uses
              .filter((p) => (g.uses as readonly string[]).includes(p.use))
              .map((p) => (
                <div key={p.use} className="row between use" data-use={p.use}>
                  <span>
                    {tr("use", p.use)}
                    <small>{tr("usewhy", p.use)}</small>
                  </span>
                  <Answer row={row} p={p} acts={acts} />
                </div>
              ))}
          </section>
        ))}
      </details>
    </li>
  );
}
