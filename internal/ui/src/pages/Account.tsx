import { useQueryClient } from "@tanstack/react-query";
import { App as AntApp, Switch } from "antd";
import { useState } from "react";
import { Navigate } from "react-router";
import { call, type Me } from "../api";
import { useMe } from "../App";
import { t } from "../i18n";

/** Account is one's own page: the one switch 不要对我的内容用 AI. */
export function Account() {
  const me = useMe();
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const [busy, setBusy] = useState(false);
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/account" }} />;
  const a = me.data.account;
  const turn = async (no_ai: boolean) => {
    setBusy(true);
    try {
      client.setQueryData<Me>(["me"], await call<Me>("PUT", "/api/account", { name: a.name, bio: a.bio, no_ai }));
    } catch (e) {
      message.error((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="narrow">
      <div className="panel">
        <h1>{a.name}</h1>
        <p className="hint">@{a.handle}</p>
        <label className="row between">
          <span>
            <strong>{t("account.no_ai")}</strong>
            <br />
            <span className="hint">{t("account.no_ai_hint")}</span>
          </span>
          <Switch checked={a.no_ai} loading={busy} onChange={(v) => void turn(v)} aria-label={t("account.no_ai")} />
        </label>
      </div>
    </main>
  );
}
