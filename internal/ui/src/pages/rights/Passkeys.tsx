import { useQueryClient } from "@tanstack/react-query";
import { App as AntApp, Button, Switch } from "antd";
import { useId, useState } from "react";
import { call } from "../../api";
import { moment, t, tr } from "../../i18n";
import { add, usable, type Passkey } from "./passkey";
import type { Signing } from "./useSigning";

/** Passkeys are the keys she signs with: to add one, to retire one, and what becomes of all when
 * one is lost. */
export function Passkeys({ signing }: { signing: Signing }) {
  const id = useId();
  const active = signing.keys.filter((k) => k.state === "active").length;
  const recovering = signing.keys.some((k) => k.state === "recovering");
  return (
    <section className="panel passkeys" aria-label={t("passkey.title")}>
      <div className="row between">
        <h2>{t("passkey.title")}</h2>
        {signing.able && (
          <label className="row" htmlFor={id}>
            {t("passkey.sign")}
            <Switch id={id} size="small" checked={signing.on} onChange={signing.turn} />
          </label>
        )}
      </div>
      <p className="hint">{t(active ? "passkey.have" : "passkey.why")}</p>
      {recovering && <p role="status">{t("passkey.recovering")}</p>}
      <details open={signing.keys.length === 0 || undefined}>
        <summary>{active ? t("passkey.n", active) : t("passkey.first")}</summary>
        <List keys={signing.keys} />
        {usable() ? <Add again={false} /> : <p className="hint">{t("passkey.no_browser")}</p>}
        {signing.keys.length > 0 && (
          <details className="lost">
            <summary>{t("passkey.lost")}</summary>
            <p>{t("passkey.lost_stands")}</p>
            <p>{t("passkey.lost_goes_on")}</p>
            <p>{t("passkey.lost_recover")}</p>
            {usable() && <Add again />}
          </details>
        )}
      </details>
    </section>
  );
}

function List({ keys }: { keys: Passkey[] }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const retire = async (k: Passkey) => {
    try {
      await call("DELETE", `/api/passkeys/${k.id}`);
      message.success(t(k.state === "recovering" ? "passkey.taken_back" : "passkey.retired_it", k.name));
    } catch (e) {
      message.error((e as Error).message);
    }
    await refresh(client);
  };
  return (
    <ul>
      {keys.map((k) => (
        <li key={k.id} className={k.state}>
          <span>
            {k.name}
            <small>
              {tr("passkeystate", k.state)} · {moment(k.at)}
              {k.state === "recovering" && ` · ${t("passkey.vouched", k.vouched)}`}
            </small>
          </span>
          {k.state !== "retired" && (
            <Button size="small" onClick={() => void retire(k)}>
              {t(k.state === "recovering" ? "passkey.take_back" : "passkey.retire")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

const refresh = (client: ReturnType<typeof useQueryClient>) =>
  Promise.all(["passkeys", "rights", "rights-acts"].map((k) => client.invalidateQueries({ queryKey: [k] })));

/** Add registers a passkey under a name of hers; again is in place of those she lost. */
function Add({ again }: { again: boolean }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async (e: React.FormEvent) => {
    e.preventDefault();
    setBusy(true);
    try {
      const state = await add(name.trim() || t("passkey.unnamed"), again);
      message.success(t(state === "recovering" ? "passkey.asked" : "passkey.added"));
      setName("");
    } catch (e) {
      message.error((e as Error).message);
    } finally {
      setBusy(false);
    }
    await refresh(client);
  };
  return (
    <form className="row" onSubmit={(e) => void go(e)}>
      <input
        type="text"
        value={name}
        maxLength={40}
        placeholder={t("passkey.name")}
        aria-label={t("passkey.name")}
        onChange={(e) => setName(e.target.value)}
      />
      <Button htmlType="submit" loading={busy} type={again ? "default" : "primary"}>
        {t(again ? "passkey.recover" : "passkey.add")}
      </Button>
    </form>
  );
}
