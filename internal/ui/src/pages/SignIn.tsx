import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Divider, Form, Input } from "antd";
import { useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { call } from "../api";
import { useSite } from "../App";
import { t } from "../i18n";

const demoPeople = ["demo", "reviewer", "reviewer2", "operator", "auditor", "admin"];

/** useEnter signs somebody in by a request and goes on to where she wanted to be. */
function useEnter() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const state = useLocation().state as { back?: string; keep?: boolean } | null;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const enter = async (path: string, body: unknown) => {
    setBusy(true);
    setError("");
    try {
      const me = await call("POST", path, body);
      // Not clear(): the frame of the app goes on watching this very query.
      client.setQueryData(["me"], me);
      client.removeQueries({ predicate: (q) => q.queryKey[0] !== "me" && q.queryKey[0] !== "site" });
      navigate(state?.back ?? "/", { replace: true, state: state?.keep ? { keep: true } : null });
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return { enter, busy, error };
}

/** SignIn is signing in, opening an account, and on a demo server the one-click people. */
export function SignIn() {
  const site = useSite();
  const { enter, busy, error } = useEnter();
  const [fresh, setFresh] = useState(false);
  return (
    <main className="narrow">
      <div className="panel">
        <h1>{fresh ? t("sign.up") : t("sign.in")}</h1>
        {error && <Alert type="error" title={error} style={{ marginBottom: 16 }} role="alert" />}
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={(v) => void enter(fresh ? "/api/accounts" : "/api/session", v)}
        >
          <Form.Item name="handle" label={t("sign.handle")} rules={[{ required: true, message: t("sign.needed") }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          {fresh && (
            <Form.Item name="name" label={t("sign.name")} rules={[{ required: true, message: t("sign.needed") }]}>
              <Input autoComplete="nickname" />
            </Form.Item>
          )}
          <Form.Item name="password" label={t("sign.password")} rules={[{ required: true, message: t("sign.needed") }]}>
            <Input.Password autoComplete={fresh ? "new-password" : "current-password"} />
          </Form.Item>
          <div className="row between">
            <Button type="primary" htmlType="submit" loading={busy}>
              {fresh ? t("sign.up") : t("sign.in")}
            </Button>
            <Button type="link" onClick={() => setFresh(!fresh)}>
              {fresh ? t("sign.have") : t("sign.none")}
            </Button>
          </div>
        </Form>
        {site.data?.demo && (
          <>
            <Divider plain>{t("sign.demo")}</Divider>
            <div className="chips">
              {demoPeople.map((p) => (
                <Button key={p} disabled={busy} onClick={() => void enter("/api/demo-session", { handle: p })}>
                  {t(`demo.${p}` as "demo.demo")}
                </Button>
              ))}
            </div>
          </>
        )}
      </div>
    </main>
  );
}

/** SetUp makes the first administrator with the one-time link the server printed. */
export function SetUp() {
  const [params] = useSearchParams();
  const { enter, busy, error } = useEnter();
  return (
    <main className="narrow">
      <div className="panel">
        <h1>{t("setup.title")}</h1>
        <p className="hint">{t("setup.hint")}</p>
        {error && <Alert type="error" title={error} style={{ marginBottom: 16 }} role="alert" />}
        <Form
          layout="vertical"
          requiredMark={false}
          onFinish={(v) => void enter("/api/setup", { ...v, token: params.get("token") ?? "" })}
        >
          <Form.Item name="handle" label={t("sign.handle")} rules={[{ required: true, message: t("sign.needed") }]}>
            <Input autoComplete="username" autoFocus />
          </Form.Item>
          <Form.Item name="name" label={t("sign.name")} rules={[{ required: true, message: t("sign.needed") }]}>
            <Input />
          </Form.Item>
          <Form.Item name="password" label={t("sign.password")} rules={[{ required: true, message: t("sign.needed") }]}>
            <Input.Password autoComplete="new-password" />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("setup.go")}
          </Button>
        </Form>
      </div>
    </main>
  );
}
