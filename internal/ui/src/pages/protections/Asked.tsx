import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button } from "antd";
import { useState } from "react";
import { call, type Schemas } from "../../api";
import { Failed } from "../../Failed";
import { moment, place, t, tr } from "../../i18n";
import "./protections.css";

type Protection = Schemas["Protection"];

/** reasons are the reason codes of a refusal; a registration has one. */
const reasons = ["unproven", "not_hers", "holder_only", "common"];

/** Asked are the protections that wait for a reviewer; nothing where none does. */
export function Asked() {
  const list = useQuery({
    queryKey: ["asked-protections"],
    queryFn: () => call<Protection[]>("GET", "/api/review/protections"),
    refetchInterval: 10_000,
  });
  return (
    <>
      <Failed of={list} />
      {!!list.data?.length && (
        <details className="panel asked">
          <summary>{t("protection.waiting", list.data.length)}</summary>
          <p className="hint">{t("protection.how_decide")}</p>
          {list.data.map((p) => (
            <One key={p.id} of={p} />
          ))}
        </details>
      )}
    </>
  );
}

/** One is one protection to decide on: who asks, whose it is, who consents, and whose each file is. */
function One({ of: p }: { of: Protection }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const decide = async (step: string, reason: string) => {
    setBusy(true);
    setError("");
    try {
      await call("POST", `/api/review/protections/${p.id}/decision`, { step, reason });
      message.success(t(step === "register" ? "protection.registered" : "protection.refused", p.name));
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
    await client.invalidateQueries({ queryKey: ["asked-protections"] });
  };
  return (
    <section data-protection={p.id}>
      <h2>
        {p.name} <span className="hint">{tr("protectedkind", p.kind)}</span>
      </h2>
      <p>
        @{p.handle} · {moment(p.at)} · {t("protection.of", p.subject)} ·{" "}
        {p.guardian ? t("protection.guarded", p.guardian) : t("protection.herself")}
        {p.compare && ` · ${tr("protection.comparing", p.kind === "voice" ? "voice" : "face")}`}
      </p>
      {p.aliases.length > 0 && <p className="hint">{t("protection.also", p.aliases.join(t("rights.comma")))}</p>}
      <p className="quote">{p.text}</p>
      <ul className="exhibits">
        {p.proofs.map((e) => (
          <li key={e.id}>
            {e.shown && (
              <a
                href={`/api/review/protections/${p.id}/proofs/${e.id}`}
                target="_blank"
                rel="noreferrer"
                className="veiled"
              >
                <img src={`/api/review/protections/${p.id}/proofs/${e.id}`} alt={e.name} />
              </a>
            )}
            <div>
              <bdi>{e.name || t("label.unnamed")}</bdi>
              <p className="hint">
                {t("protection.held", e.holder)}
                {e.heard && ` · ${t("protection.heard")}`}
                {e.compared && ` · ${tr("protection.compared", e.compared)}`} ·{" "}
                <span className="whole">
                  SHA-256 <code>{e.digest.slice(0, 12)}</code>
                </span>
              </p>
            </div>
          </li>
        ))}
      </ul>
      {error && <Alert type="error" role="alert" title={error} />}
      <div className="row">
        <Button type="primary" loading={busy} onClick={() => void decide("register", "proven")}>
          {t("protection.register")}
        </Button>
        {reasons.map((r) => (
          <Button key={r} disabled={busy} onClick={() => void decide("refuse", r)}>
            {t("protection.refuse", tr("protection.reason", r))}
          </Button>
        ))}
      </div>
    </section>
  );
}

/** SightedIn is what a reviewer reads of the protections found in a case. */
export function SightedIn({ list }: { list: Schemas["Sighting"][] }) {
  if (list.length === 0) return null;
  return (
    <div className="panel">
      <h2>{t("sighting.case")}</h2>
      <ul>
        {list.map((s) => (
          <li key={s.id}>
            {t(
              `sighting.by_${s.by as "name" | "picture" | "sound" | "face" | "voice"}`,
              s.name,
              s.fields.map(place).join(t("rights.comma")),
            )}
            {" · "}
            {tr("protectedkind", s.kind)}
            {" · "}
            {tr("sighting.holder", s.answer || "none")}
          </li>
        ))}
      </ul>
    </div>
  );
}
