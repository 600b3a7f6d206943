import type { Schemas } from "../../api";
import { moment, t } from "../../i18n";

/** Clock is when what happened to a claim, as the claimant's page tells it too. */
export function Clock({ of: k }: { of: Schemas["Claim"] }) {
  const lines: [string, number][] = [
    [t("claim.received"), k.at],
    [t("claim.first"), k.first_at],
    [t("claim.decided"), k.decided_at],
  ];
  if (k.countered_at) lines.push([t("claim.countered"), k.countered_at]);
  if (k.restore_at) lines.push([t("claim.restores"), k.restore_at]);
  if (k.ended_at) lines.push([t("claim.ended"), k.ended_at]);
  return (
    <dl className="clock">
      {lines.map(([name, at]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{at ? moment(at) : t("claim.notyet")}</dd>
        </div>
      ))}
    </dl>
  );
}
