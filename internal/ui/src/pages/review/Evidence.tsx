import { type CaseView, type Schemas } from "../../api";
import { Found, Unseen } from "../../Found";
import { day, place, t, tr } from "../../i18n";
import { cutter } from "../../utf8";
import { Because, Exhibits } from "../Labels";

/** Under is what a comment stands under: its note, and the comment it answers. */
export function Under({ note }: { note: Schemas["NoteContext"] }) {
  if (!note.author) return <p className="hint">{t("review.note_gone")}</p>;
  return (
    <section className="context" aria-label={t("review.under")}>
      <h2>
        {t("review.under")}{" "}
        <a href={`/p/${note.work}`} target="_blank" rel="noreferrer">
          {note.title || t("note.untitled")}
        </a>{" "}
        <span className="hint">@{note.author}</span>
      </h2>
      <p className="quote">{short(note.body)}</p>
      {note.parent && (
        <>
          <h2>{t("review.answers")}</h2>
          <p className="quote">{note.parent}</p>
        </>
      )}
    </section>
  );
}

/** short is the beginning of a text that only gives context. */
const short = (text: string): string => (text.length > 240 ? `${Array.from(text).slice(0, 240).join("")}…` : text);

/** Marked is a text with what detectors found underlined in place; places are bytes. */
export function Marked({ text, field, view }: { text: string; field: string; view: CaseView }) {
  const found = (view.verdict.findings ?? [])
    .filter((f) => f.field === field && f.end > f.start)
    .sort((a, b) => a.start - b.start);
  if (found.length === 0) return <>{text}</>;
  const cut = cutter(text);
  const out: React.ReactNode[] = [];
  let at = 0;
  for (const f of found) {
    if (f.start < at) continue;
    out.push(
      cut(at, f.start),
      <mark key={f.start} title={`${tr("risk", f.risk)} · ${tr("detector", f.detector)}`}>
        {cut(f.start, f.end)}
      </mark>,
    );
    at = f.end;
  }
  out.push(cut(at));
  return <>{out}</>;
}

/** Evidence is what was found, reported and appealed, and whose work it is. */
export function Evidence({ c }: { c: CaseView }) {
  return (
    <div className="panel">
      <h2>{c.kind === "label" ? tr("case", c.kind) : `${tr("case", c.kind)} · ${tr("risk", c.risk)}`}</h2>
      <p>
        {t("review.author", c.author.handle, c.author.released, c.author.refused)}
        {c.ai !== "none" && (
          <span className="notice" style={{ marginLeft: 8 }}>
            {tr("ai", c.ai)}
          </span>
        )}
      </p>
      <ul className="checks">
        {(c.policy_lines ?? []).map((l) => (
          <li key={l.rule} className="look">
            {tr("action", l.action)} · {l.text || l.rule}
          </li>
        ))}
        {(c.verdict.findings ?? [])
          .filter((f) => f.detector !== "account") // said in the author's line
          .map((f, i) => (
            <Found key={i} of={f} />
          ))}
        <Unseen of={c.verdict} />
        {(c.report_list ?? []).map((r) => (
          <li key={r.id} className="fix">
            {r.text ? t("review.reported_text", tr("risk", r.risk), r.text) : t("review.reported", tr("risk", r.risk))}
          </li>
        ))}
        {c.appeal_text && <li className="look">{t("review.appeals", c.appeal_text.text)}</li>}
      </ul>
    </div>
  );
}

/** LabelCase is the challenge of a label: which part, why it has it, her words and evidence
 * beside the picture in question. */
export function LabelCase({ c, of }: { c: CaseView; of: Schemas["LabelView"] }) {
  const n = fieldNumber(of.field);
  const picture = of.field.startsWith("picture.") ? c.pictures[n - 1] : undefined;
  return (
    <div className="panel">
      <h2>
        <span className="begins">{place(of.field)}</span> <span className="notice">{tr("ai", of.state)}</span>
      </h2>
      <p>
        <Because of={of} own={c.content.declaration.ai && !c.content.declaration.locked} />
      </p>
      {of.appeal && <p className="quote">{of.appeal.text}</p>}
      {picture && (
        <div className="veiled side">
          <figure>
            <img src={picture.url} alt={picture.alt || t("review.this_one")} tabIndex={0} />
            <figcaption>{t("review.this_one")}</figcaption>
          </figure>
        </div>
      )}
      {of.appeal && (
        <>
          <h2>{t("review.label_evidence", of.appeal.exhibits.length)}</h2>
          <Exhibits list={of.appeal.exhibits} at={`/api/review/cases/${c.id}/exhibits`} />
        </>
      )}
    </div>
  );
}

/** Copies are the works this one is alike to, beside it: the same words and pictures. */
export function Copies({ c }: { c: CaseView }) {
  if (c.copies.length === 0) return null;
  return (
    <div className="panel">
      <h2>{t("review.copies")}</h2>
      {c.copies.map((n) => (
        <section key={n.work} className="copy">
          <p>
            <a href={`/p/${n.work}`} target="_blank" rel="noreferrer">
              {n.title}
            </a>{" "}
            <span className="hint">
              @{n.handle} · {day(n.released_at)} · {t("review.alike", Math.round(n.score * 100))}
            </span>
          </p>
          {n.pictures.length > 0 && (
            <div className="veiled side">
              <figure>
                <img
                  src={c.pictures[fieldNumber(n.field) - 1]?.url ?? c.pictures[0]?.url}
                  alt={t("review.this_one")}
                  tabIndex={0}
                />
                <figcaption>{t("review.this_one")}</figcaption>
              </figure>
              <figure>
                <img src={n.pictures[0]?.url} alt={n.pictures[0]?.alt || t("review.earlier_one")} tabIndex={0} />
                <figcaption>{t("review.earlier_one")}</figcaption>
              </figure>
            </div>
          )}
          {!n.field && <p className="quote">{short(n.body)}</p>}
        </section>
      ))}
    </div>
  );
}

/** fieldNumber is the number of a picture's field, 1 for a text. */
const fieldNumber = (field: string): number => Number(field.split(".")[1] ?? 1) || 1;

/** Precedents are earlier rulings of the same risk, the likest first. */
export function Precedents({ list }: { list: Schemas["Precedent"][] }) {
  if (list.length === 0) return null;
  return (
    <div className="panel">
      <h2>{t("review.precedents")}</h2>
      <ul className="checks">
        {list.map((p) => (
          <li key={p.case}>
            {tr("ruling", p.ruling)} · {p.title || t("note.untitled")}{" "}
            <span className="hint">
              {p.reason === "ok" ? "" : `${tr("risk", p.reason)} · `}
              {day(p.at)}
              {p.alike > 0 && ` · ${t("review.like_words")}`}
              {p.outcome && ` · ${tr("review.outcome", p.outcome)}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
