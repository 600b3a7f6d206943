import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, InputNumber, Skeleton } from "antd";
import { useState } from "react";
import { call, type Schemas } from "../api";
import { Failed } from "../Failed";
import { t } from "../i18n";

/** Settings is the number an operator answers for in public: how much of the feed models may
 * make. What a person may spend stands beside the model it is spent on. */
export function Settings() {
  return (
    <Setting
      id="share"
      title={t("settings.share")}
      why={t("settings.share_why")}
      unit="%"
      max={100}
      path="/api/settings/feed"
      read={(v: Schemas["FeedSettings"]) => v.most_made_percent}
      write={(most_made_percent) => ({ most_made_percent })}
    />
  );
}

/** Setting is one number of the installation: read, changed, saved. */
export function Setting<T>(p: {
  id: string;
  title: string;
  why: string;
  unit: string;
  max: number;
  path: string;
  read: (v: T) => number;
  write: (n: number) => unknown;
}) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const now = useQuery({ queryKey: ["setting", p.path], queryFn: () => call<T>("GET", p.path) });
  const [typed, setTyped] = useState<number>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  if (!now.data) return now.error ? <Failed of={now} /> : <Skeleton active />;
  const saved = p.read(now.data);
  const value = typed ?? saved;
  const save = async () => {
    setBusy(true);
    setError("");
    try {
      client.setQueryData(["setting", p.path], await call<T>("PUT", p.path, p.write(value)));
      setTyped(undefined);
      message.success(t("settings.saved"));
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="panel" style={{ margin: "16px 0" }}>
      <h2>
        <label htmlFor={p.id}>{p.title}</label>
      </h2>
      <p className="hint">{p.why}</p>
      <div className="row">
        <InputNumber
          id={p.id}
          min={0}
          max={p.max}
          value={value}
          suffix={p.unit}
          style={{ width: 160 }}
          onChange={(n) => setTyped(n ?? undefined)}
        />
        <Button loading={busy} disabled={value === saved} onClick={() => void save()}>
          {t("settings.save")}
        </Button>
      </div>
      {error && <Alert type="error" role="alert" title={error} style={{ marginTop: 8 }} />}
    </div>
  );
}
