import type { Schemas } from "./api";
import { place, t, tr } from "./i18n";

/** Found is one line of evidence: what was found, where, by which detector, through which disguise, how sure. */
export function Found({ of: f }: { of: Schemas["Finding"] }) {
  return (
    <li>
      {tr("risk", f.risk)} · {f.text ? <mark>{f.text}</mark> : place(f.field)}{" "}
      <span className="hint">
        {[
          f.text && place(f.field),
          tr("detector", f.detector),
          ...(f.layers ?? []).map((l) => tr("layer", l)),
          `${Math.round(f.score * 100)}%`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </li>
  );
}

/** Unseen says which detectors did not look: those that failed, and those that are not installed. */
export function Unseen({ of: v }: { of: Schemas["Verdict"] }) {
  const names = (list?: string[] | null) => (list ?? []).map((d) => tr("detector", d)).join(t("found.joint"));
  return (
    <>
      {(v.missing ?? []).length > 0 && <li className="look">{t("found.missing", names(v.missing))}</li>}
      {(v.absent ?? []).length > 0 && <li className="hint">{t("found.absent", names(v.absent))}</li>}
    </>
  );
}
