import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App as AntApp, Button, Input, Skeleton } from "antd";
import { useState } from "react";
import { call, type Schemas } from "../api";
import { useMe } from "../App";
import { Failed } from "../Failed";
import { moment, t } from "../i18n";

type Recovery = Schemas["Recovery"];

/** Recoveries are creators who lost their passkeys: two of the staff who made sure of it vouch. */
export function Recoveries() {
  const list = useQuery({
    queryKey: ["recoveries"],
    queryFn: () => call<Recovery[]>("GET", "/api/operate/recoveries"),
    refetchInterval: 10_000,
  });
  if (!list.data) return list.error ? <Failed of={list} /> : <Skeleton active />;
  return (
    <>
      <Failed of={list} />
      <p className="hint">{t("recovery.why")}</p>
      {list.data.length === 0 && <p className="empty">{t("recovery.none")}</p>}
      {list.data.map((r) => (
        <One key={r.passkey} of={r} />
      ))}
    </>
  );
}

function One({ of: r }: { of: Recovery }) {
  const me = useMe();
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const [statement, say] = useState("");
  const [busy, setBusy] = useState(false);
  const handle = me.data?.account.handle ?? "";
  const vouch = async () => {
    setBusy(true);
    try {
      await call("POST", `/api/operate/recoveries/${r.passkey}/vouchers`, { statement });
      message.success(t(r.vouched.length ? "recovery.done" : "recovery.one"));
      say("");
    } catch (e) {
      message.error((e as Error).message);
    } finally {
      setBusy(false);
    }
    await client.invalidateQueries({ queryKey: ["recoveries"] });
  };
  return (
    <div className="panel">
      <p>
        <strong>@{r.handle}</strong> · {r.name} · {moment(r.at)}
      </p>
      {r.vouched.length > 0 && <p className="hint">{t("recovery.by", r.vouched.map((h) => `@${h}`).join(" "))}</p>}
      {r.handle === handle || r.vouched.includes(handle) ? (
        <p className="hint">{t("recovery.other")}</p>
      ) : (
        <>
          <Input.TextArea
            value={statement}
            onChange={(e) => say(e.target.value)}
            maxLength={1000}
            autoSize={{ minRows: 2 }}
            placeholder={t("recovery.how")}
            aria-label={t("recovery.how")}
          />
          <p />
          <Button disabled={!statement.trim()} loading={busy} onClick={() => void vouch()}>
            {t("recovery.vouch")}
          </Button>
        </>
      )}
    </div>
  );
}
