import type { Schemas } from "../../api";
import { moment, t, tr } from "../../i18n";
import { Clock } from "./clock";
import "./notices.css";
import { Links, Pleadings } from "./Pleadings";

/** claimReasons are the reason codes of each ruling on a claim; those of limit leave it undecided. */
export const claimReasons = {
  remove: ["infringes", "admitted", "court"],
  allow: ["unproven", "permitted", "earlier", "citation", "mistaken"],
  limit: ["urgent", "evidence", "identity", "standing", "works"],
} as const;

/** everyClaimReason is the order of their keys. */
export const everyClaimReason: string[] = Object.values(claimReasons).flat();

/** NoticeCase is the notice a case is about: what is claimed and by whom, what both sides said,
 * the uploader's record, and whose work stands longer in the ledger. */
export function NoticeCase({ of }: { of: Schemas["NoticeCase"] }) {
  const { notice: n, claim: k } = of;
  return (
    <div className="panel notice-case">
      <h2>
        {tr("right", n.right)} <span className="notice">{tr("claim.state", k.state)}</span>
      </h2>
      <dl className="who">
        <div>
          <dt>{t("notice.by")}</dt>
          <dd>
            {n.name} · {tr("standing", n.standing)}
          </dd>
        </div>
        <div>
          <dt>{t("notice.contact")}</dt>
          <dd>{n.contact}</dd>
        </div>
      </dl>
      <p className="quote">{n.text}</p>
      <Links list={n.links} />
      {n.claims.length > 1 && (
        <>
          <h3>{t("notice.works", n.claims.length)}</h3>
          <ul className="links">
            {n.claims.map((x) => (
              <li key={x.id}>
                <a href={`/p/${x.work}`} target="_blank" rel="noreferrer">
                  {x.title || t("note.untitled")}
                </a>{" "}
                <span className="hint">{tr("claim.state", x.state)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {k.question && <p className="hint">{t("notice.asked", tr("claim.reason", k.question))}</p>}
      <Pleadings list={k.pleadings} />
      <Clock of={k} />
      <p>{t("notice.record", of.open, of.upheld)}</p>
      <h3>{t("notice.registered")}</h3>
      <p>{of.own.work ? stands(of.own) : t("notice.unregistered")}</p>
      {of.older.length > 0 && (
        <>
          <h3>{t("notice.older")}</h3>
          <ul className="links">
            {of.older.map((r) => (
              <li key={r.work}>
                <a href={`/p/${r.work}`} target="_blank" rel="noreferrer">
                  {r.title || t("note.untitled")}
                </a>{" "}
                <span className="hint">
                  @{r.handle} · {stands(r)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** stands is since when a work is in the ledger, and where. */
const stands = (r: Schemas["Registration"]): string => t("notice.stands", moment(r.at), r.place < 0 ? "–" : r.place);

/** BarredCase is the suspension a case is about, and what it rests on. */
export function BarredCase({ of }: { of: Schemas["Suspension"] }) {
  return (
    <div className="panel notice-case">
      <h2>{t("barred.case")}</h2>
      <p>{t("barred.until", moment(of.until))}</p>
      <p className="quote">{of.appeal}</p>
      <Rests of={of} />
    </div>
  );
}

/** Rests are the upheld notices a suspension rests on. */
export function Rests({ of }: { of: Schemas["Suspension"] }) {
  return (
    <ul className="links">
      {of.claims.map((k) => (
        <li key={k.id}>
          {k.title || t("note.untitled")}{" "}
          <span className="hint">
            {tr("right", k.right)} · {moment(k.decided_at)} ·{" "}
            <span className="whole">{tr("claim.state", k.state)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
