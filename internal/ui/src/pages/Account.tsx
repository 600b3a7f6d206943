import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Form, Input, Switch } from "antd";
import { useState } from "react";
import { Link, Navigate } from "react-router";
import { call, type Me, type Schemas } from "../api";
import { useMe } from "../App";
import { t } from "../i18n";

type ProfileView = Schemas["ProfileView"];

/** Account is one's own page: what others read of one, and the switch 不要对我的内容用 AI. */
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
        <p className="hint">
          @{a.handle} · <a href={`/u/${a.handle}`}>{t("profile.page")}</a> ·{" "}
          <Link to="/figures">{t("nav.measures")}</Link>
        </p>
        <Profile key={`${a.name}\n${a.bio}`} me={me.data} />
      </div>
      <div className="panel">
        <label className="row between">
          <span>
            <strong>{t("account.no_ai")}</strong>
            <br />
            <span className="hint">{t("account.no_ai_hint")}</span>
          </span>
          <Switch checked={a.no_ai} loading={busy} onChange={(v) => void turn(v)} aria-label={t("account.no_ai")} />
        </label>
      </div>
      {!a.demo && <Password />}
    </main>
  );
}

/** Password changes it; who is signed in elsewhere is signed out there. */
function Password() {
  const { message } = AntApp.useApp();
  const [form] = Form.useForm<{ current: string; password: string }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const save = async (v: { current: string; password: string }) => {
    setBusy(true);
    setError("");
    try {
      await call("PUT", "/api/account/password", v);
      form.resetFields();
      message.success(t("password.changed"));
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const needed = [{ required: true, message: t("sign.needed") }];
  return (
    <div className="panel">
      <h2>{t("password.title")}</h2>
      {error && <Alert type="error" title={error} role="alert" style={{ marginBottom: 16 }} />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={(v) => void save(v)}>
        <Form.Item name="current" label={t("password.current")} rules={needed}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
        <Form.Item name="password" label={t("password.new")} rules={needed}>
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <p className="hint">{t("password.hint")}</p>
        <Button htmlType="submit" loading={busy}>
          {t("password.change")}
        </Button>
      </Form>
    </div>
  );
}

/** Profile changes name and bio. Others read them, so they are checked as a note is. */
function Profile({ me }: { me: Me }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const p = useQuery({ queryKey: ["version", "profile"], queryFn: () => call<ProfileView>("GET", "/api/profile") });
  const a = me.account;
  const save = async (v: { name: string; bio: string }) => {
    setBusy(true);
    setError("");
    try {
      const now = await call<Me>("PUT", "/api/account", {
        name: v.name.trim(),
        bio: (v.bio ?? "").trim(),
        no_ai: a.no_ai,
      });
      client.setQueryData<Me>(["me"], now);
      const waiting = await p.refetch();
      if (!waiting.data?.version) message.success(t("profile.saved"));
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const plead = async (v: { text: string }) => {
    setBusy(true);
    try {
      await call("POST", `/api/versions/${p.data?.version}/appeal`, { text: v.text });
      await p.refetch();
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error && <Alert type="error" title={error} role="alert" style={{ marginBottom: 16 }} />}
      {p.data?.version && (
        <Alert
          type="info"
          role="status"
          style={{ marginBottom: 16 }}
          title={t("profile.wanted", p.data.wanted_name)}
          description={
            <>
              {p.data.reason}
              {p.data.can_appeal && (
                <Form layout="vertical" requiredMark={false} onFinish={(v: { text: string }) => void plead(v)}>
                  <Form.Item
                    name="text"
                    label={t("appeal.placeholder")}
                    rules={[{ required: true, message: t("sign.needed") }]}
                  >
                    <Input.TextArea rows={2} maxLength={2000} />
                  </Form.Item>
                  <Button htmlType="submit" loading={busy}>
                    {t("appeal.send")}
                  </Button>
                </Form>
              )}
            </>
          }
        />
      )}
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: a.name, bio: a.bio }}
        onFinish={(v: { name: string; bio: string }) => void save(v)}
      >
        <Form.Item name="name" label={t("sign.name")} rules={[{ required: true, message: t("sign.needed") }]}>
          <Input maxLength={24} showCount autoComplete="nickname" />
        </Form.Item>
        <Form.Item name="bio" label={t("profile.bio")}>
          <Input.TextArea maxLength={200} showCount rows={3} />
        </Form.Item>
        <p className="hint">{t("profile.hint")}</p>
        <Button type="primary" htmlType="submit" loading={busy}>
          {t("profile.save")}
        </Button>
      </Form>
    </>
  );
}
