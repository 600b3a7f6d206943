import { Button } from "antd";
import { useEffect, useId, useRef } from "react";
import { moment, t, tr } from "../../i18n";
import { Receipt } from "./Receipt";
import { why, type Permission, type Row } from "./rights";

/** Asked is the cell somebody wants to understand, and where on the page it stands. */
export interface Asked {
  work: string;
  use: string;
  at: HTMLElement;
}

interface Props {
  asked: Asked;
  row: Row;
  onClose: () => void;
  /** sign has her passkey sign the word she said; absent where it cannot. */
  sign?: (p: Permission) => void;
}

/** Why says beside a cell why it is as it is: by which word, since when, until when, how well
 * that is proven, with its receipt. On a phone it comes from below. */
export function Why({ asked, row, onClose, sign }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const title = useId();
  const p = row.uses.find((x) => x.use === asked.use);
  useEffect(() => {
    const b = box.current;
    if (!b) return;
    if (!b.matches(":popover-open")) b.showPopover();
    b.focus({ preventScroll: true });
    // Below the cell, above it where there is no room, and in sight also when its receipt opens.
    const place = () => {
      const a = asked.at.getBoundingClientRect();
      const { clientWidth, clientHeight } = document.documentElement;
      const x = Math.min(a.left - 8, clientWidth - b.offsetWidth - 8);
      const below = a.bottom + 4;
      const above = a.top - b.offsetHeight - 4;
      const y =
        below + b.offsetHeight + 8 < clientHeight ? below : above > 8 ? above : clientHeight - b.offsetHeight - 8;
      b.style.setProperty("--x", `${Math.max(8, x) + window.scrollX}px`);
      b.style.setProperty("--y", `${Math.max(8, y) + window.scrollY}px`);
    };
    const grows = new ResizeObserver(place);
    grows.observe(b);
    return () => grows.disconnect();
  }, [asked]);
  if (!p) return null;
  return (
    <div
      className="why-box"
      role="dialog"
      aria-labelledby={title}
      popover="auto"
      tabIndex={-1}
      ref={box}
      onToggle={(e) => {
        if (!e.currentTarget.matches(":popover-open")) onClose();
      }}
    >
      <div className="row between">
        <h3 id={title}>{tr("use", p.use)}</h3>
        <button type="button" className="close" aria-label={t("keys.close")} onClick={() => box.current?.hidePopover()}>
          ×
        </button>
      </div>
      <p className="hint">{row.work ? t("rights.quoted", row.title) : row.title}</p>
      <Because p={p} />
      {sign && signable(p, row) && (
        <Button
          size="small"
          className="sign"
          onClick={() => {
            box.current?.hidePopover();
            sign(p);
          }}
        >
          {t("passkey.sign_this")}
        </Button>
      )}
    </div>
  );
}

/** signable is her own standing word for this very row that has no signature yet. */
const signable = (p: Permission, row: Row): boolean =>
  p.set &&
  p.evidence !== "L3" &&
  p.level === (row.work ? "work" : "account") &&
  ["granted", "revoked", "not_yet"].includes(p.reason);

/** Because is the reason of one answer with everything that belongs to it. */
function Because({ p }: { p: Permission }) {
  const held = p.chosen && !p.allowed && p.reason !== "not_yet";
  const facts: [string, string][] = [];
  if (p.set)
    facts.push(
      [t("rights.level"), p.what === "no_ai" ? t("level.switch") : tr("level", p.level)],
      [t("rights.since"), moment(p.at)],
    );
  if (p.chosen && p.from > p.at) facts.push([t("rights.from"), moment(p.from)]);
  if (p.until) facts.push([t("rights.until"), moment(p.until)]);
  if (p.chosen && p.attribution) facts.push([t("rights.terms"), t("rights.attribution")]);
  if (p.set && p.place >= 0) facts.push([t("rights.evidence"), tr("evidence", p.evidence)]);
  return (
    <>
      <p>
        <span className={p.allowed ? "verdict yes" : "verdict"}>{t(p.allowed ? "rights.yes" : "rights.no")}</span>{" "}
        {why(p)}
      </p>
      {held && <p>{t("rights.held")}</p>}
      {p.level === "work" && ["granted", "revoked"].includes(p.reason) && <p className="hint">{t("why.own")}</p>}
      {facts.length > 0 && (
        <dl>
          {facts.map(([k, v]) => (
            <div key={k}>
              <dt>{k}</dt>
              <dd>{v}</dd>
            </div>
          ))}
        </dl>
      )}
      {p.leaf && <Receipt leaf={p.leaf} place={p.place} signed={p.evidence === "L3"} />}
    </>
  );
}
