import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Input, Select } from "antd";
import { useId, useState } from "react";
import { call, type Schemas } from "../../api";
import { t, tr } from "../../i18n";
import { useHanded } from "../useHanded";

type Proof = Schemas["Proof"];
const kinds = ["voice", "likeness", "style", "character", "brand"];
/** bodies are the kinds that may be compared by face or voice, by the subject's own consent alone. */
const bodies = ["voice", "likeness"];

/** Ask is the form of one protection: what it is and whose, who consents, what proves it and whose
 * each file is. Who owns a file consents to nothing. */
export function Ask({ of, onDone }: { of: Schemas["ProtectionsView"]; onDone: () => void }) {
  const client = useQueryClient();
  const id = useId();
  const [f, setF] = useState({
    kind: "voice",
    name: "",
    aliases: "",
    text: "",
    subject: "",
    by: "subject",
    guardian: "",
  });
  const [consent, setConsent] = useState(false);
  const [truthful, setTruthful] = useState(false);
  const [compare, setCompare] = useState(false);
  const compares = of.compares && bodies.includes(f.kind) && f.by === "subject";
  const {
    list: proofs,
    setList: setProofs,
    busy,
    error,
    act,
    hand,
  } = useHanded<Proof>(`/api/protections/proofs${compares && compare ? "?compare=true" : ""}`, of.proofs);
  const [holders, setHolders] = useState<Record<string, string>>({});
  const set = (k: keyof typeof f) => (value: string) => setF((was) => ({ ...was, [k]: value }));
  const drop = (p: Proof) =>
    void act(async () => {
      await call("DELETE", `/api/protections/proofs/${p.id}`);
      setProofs((was) => was.filter((x) => x.id !== p.id));
    });
  const send = () =>
    void act(async () => {
      await call("POST", "/api/protections", {
        ...f,
        aliases: f.aliases.split(/[\n,，、]/).filter((a) => a.trim()),
        agreement: of.agreement,
        consent,
        compare: compares && compare ? of.comparing : "",
        truthful,
        proofs: proofs.map((p) => ({ id: p.id, holder: holders[p.id] ?? "" })),
      });
      await client.invalidateQueries({ queryKey: ["protections"] });
      onDone();
    });
  const child = f.by === "guardian";
  const line = (k: keyof typeof f, label: string, hint?: string) => (
    <>
      <label htmlFor={id + k}>{label}</label>
      <Input
        id={id + k}
        name={k}
        value={f[k]}
        maxLength={100}
        placeholder={hint}
        onChange={(e) => set(k)(e.target.value)}
      />
    </>
  );
  return (
    <section className="panel" aria-label={t("protection.ask")}>
      <h2>{t("protection.ask")}</h2>
      <div className="challenge">
        <label htmlFor={`${id}kind`}>{t("protection.what")}</label>
        <Select
          id={`${id}kind`}
          autoFocus
          value={f.kind}
          onChange={set("kind")}
          options={kinds.map((k) => ({ value: k, label: tr("protectedkind", k) }))}
        />
        {line("name", t("protection.name"), t("protection.name_hint"))}
        {line("aliases", t("protection.aliases"), t("protection.aliases_hint"))}
        <label htmlFor={`${id}text`}>{t("protection.text")}</label>
        <Input.TextArea
          id={`${id}text`}
          name="text"
          rows={3}
          value={f.text}
          maxLength={2000}
          placeholder={t("protection.text_hint")}
          onChange={(e) => set("text")(e.target.value)}
        />
        {line("subject", t("protection.subject"), t("protection.subject_hint"))}
        <label htmlFor={`${id}by`}>{t("protection.by")}</label>
        <Select
          id={`${id}by`}
          value={f.by}
          onChange={set("by")}
          options={["subject", "guardian"].map((b) => ({ value: b, label: tr("protection.consenter", b) }))}
        />
        {child && (
          <>
            {line("guardian", t("protection.guardian"))}
            <p className="hint">{t("protection.child")}</p>
          </>
        )}
        {compares ? (
          <>
            <Checkbox id="compare" checked={compare} onChange={(e) => setCompare(e.target.checked)}>
              {tr("protection.compare", f.kind)}
            </Checkbox>
            {!proofs.some((p) => p.compared) && <p className="hint">{tr("protection.compare_first", f.kind)}</p>}
          </>
        ) : (
          !of.compares && bodies.includes(f.kind) && <p className="hint">{t("protection.compare_absent")}</p>
        )}
        <label htmlFor={`${id}file`}>{t("protection.proof")}</label>
        <input
          id={`${id}file`}
          type="file"
          multiple
          disabled={busy}
          onChange={(e) => {
            hand(e.target.files);
            e.target.value = "";
          }}
        />
        <p className="hint">{t("protection.proof_hint")}</p>
        {proofs.length > 0 && (
          <ul className="proofs">
            {proofs.map((p) => (
              <li key={p.id}>
                <bdi>
                  {p.name || t("label.unnamed")}
                  {p.heard && <small className="hint"> {t("protection.heard")}</small>}
                  <Taken of={p} asked={compares && compare} />
                </bdi>
                <Input
                  value={holders[p.id] ?? ""}
                  maxLength={100}
                  placeholder={t("protection.holder")}
                  aria-label={t("protection.holder_of", p.name || t("label.unnamed"))}
                  onChange={(e) => setHolders((was) => ({ ...was, [p.id]: e.target.value }))}
                />
                <Button size="small" aria-label={t("label.remove", p.name)} disabled={busy} onClick={() => drop(p)}>
                  ×
                </Button>
              </li>
            ))}
          </ul>
        )}
        <p>
          <strong>{t("protection.holder_no")}</strong>
        </p>
        <Checkbox id="consent" checked={consent} onChange={(e) => setConsent(e.target.checked)}>
          {t(
            child ? "protection.consent_guardian" : "protection.consent",
            f.subject.trim() || t("protection.subject_who"),
          )}
        </Checkbox>
        <Checkbox id="truthful" checked={truthful} onChange={(e) => setTruthful(e.target.checked)}>
          {t("protection.truthful")}
        </Checkbox>
        {error && <Alert type="error" role="alert" title={error} />}
        <div className="row">
          <Button type="primary" id="send" loading={busy} disabled={!consent || !truthful} onClick={send}>
            {t("protection.send")}
          </Button>
          <Button onClick={onDone}>{t("app.cancel")}</Button>
        </div>
      </div>
    </section>
  );
}

/** Taken says that a file's face or voice is kept, and where she asked for that, why it is not. */
function Taken({ of: p, asked }: { of: Proof; asked: boolean }) {
  const why = asked && (p.shown || p.heard) && p.facts["compare"];
  if (!p.compared && !why) return null;
  return (
    <small className="hint">
      {" "}
      {p.compared ? tr("protection.compared", p.compared) : tr("protection.uncompared", why || "none")}
    </small>
  );
}
