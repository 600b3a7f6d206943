import { Button, Checkbox } from "antd";
import { useId, useState } from "react";
import { t, tr } from "../../i18n";
import type { Choose } from "./useChoose";
import type { Picks } from "./usePicks";
import { columns, groups, type Cell, type Row } from "./rights";

interface Props {
  rows: Row[];
  picks: Picks;
  choose: Choose;
  /** logged: she signs single answers, and is told that these are not. */
  logged: boolean;
}

/** Bulk answers for several uses of all the works that are ticked. */
export function Bulk({ rows, picks, choose, logged }: Props) {
  const [uses, setUses] = useState<string[]>([]);
  const [until, setUntil] = useState("");
  const [attribution, setAttribution] = useState(false);
  const id = useId();
  const ready = uses.length > 0;
  const answer = (allowed: boolean) => {
    const cells: Cell[] = rows
      .filter((r) => picks.has(r.work))
      .flatMap((r) => r.uses.filter((p) => uses.includes(p.use)).map((p) => ({ work: r.work, use: p.use, was: p })));
    // The day she names still counts: it ends where the next begins.
    const end = new Date(`${until}T00:00`);
    end.setDate(end.getDate() + 1);
    const terms = allowed ? { attribution, ...(until ? { until: end.getTime() } : {}) } : {};
    choose(
      cells,
      { allowed, ...terms },
      t(
        allowed ? "rights.allowed" : "rights.denied",
        t("rights.uses_n", uses.length),
        t("rights.n", picks.works.length),
      ),
    );
    picks.clear();
  };
  const turn = (u: string) => setUses((was) => (was.includes(u) ? was.filter((x) => x !== u) : [...was, u]));
  return (
    <div className="bulk" role="region" aria-label={t("rights.bulk")}>
      <div className="row between">
        <strong role="status">{t("rights.picked", picks.works.length)}</strong>
        <span className="row">
          <button
            type="button"
            className="link"
            onClick={() => setUses(uses.length === columns.length ? [] : [...columns])}
          >
            {t(uses.length === columns.length ? "rights.uses_none" : "rights.uses_all")}
          </button>
          <button type="button" className="link" onClick={picks.clear}>
            {t("rights.unpick")}
          </button>
        </span>
      </div>
      <div className="usechips">
        {groups.map((g) => (
          <div key={g.name} role="group" aria-label={tr("usegroup", g.name)}>
            <small>{tr("usegroup", g.name)}</small>
            {g.uses.map((u) => (
              <button
                key={u}
                type="button"
                className="chip"
                aria-pressed={uses.includes(u)}
                title={tr("usewhy", u)}
                data-use={u}
                onClick={() => turn(u)}
              >
                {tr("usecol", u)}
              </button>
            ))}
          </div>
        ))}
      </div>
      <div className="row">
        <Button type="primary" id="allow" disabled={!ready} onClick={() => answer(true)}>
          {t("rights.allow")}
        </Button>
        <Button id="deny" disabled={!ready} onClick={() => answer(false)}>
          {t("rights.deny")}
        </Button>
        {!ready && <span className="hint">{t("rights.pick_uses")}</span>}
        {ready && logged && <span className="hint">{t("bulk.logged")}</span>}
        <span className="row terms">
          <label htmlFor={`${id}until`}>{t("rights.until_day")}</label>
          <input
            id={`${id}until`}
            type="date"
            value={until}
            min={today()}
            max="2999-12-31"
            onChange={(e) => setUntil(e.target.value)}
          />
          <Checkbox checked={attribution} onChange={(e) => setAttribution(e.target.checked)}>
            {t("rights.attribution")}
          </Checkbox>
        </span>
      </div>
    </div>
  );
}

/** today is the date where she is, as a date field takes it. */
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
