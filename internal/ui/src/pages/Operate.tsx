import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Input, Select, Skeleton, Table, Tabs } from "antd";
import { useState } from "react";
import { Navigate, useNavigate, useParams } from "react-router";
import { call, type Schemas } from "../api";
import { has, useMe } from "../App";
import { Failed } from "../Failed";
import { moment, t, tr } from "../i18n";
import { type Undoable, useUndo } from "../undo";
import { Detectors } from "./Detectors";
import { Setting, Settings } from "./Settings";
import { Recoveries } from "./Recoveries";
import { Waivers } from "./Waivers";

type Figures = Schemas["Figures"];
type Phrase = Schemas["Phrase"];
type Jobs = Schemas["Jobs"];
type Models = Schemas["Models"];

/** Operate is the operator's page: figures, jobs, phrases, models, the policy in force. */
export function Operate() {
  const me = useMe();
  const navigate = useNavigate();
  const { tab = "figures" } = useParams();
  const undoable = useUndo();
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/operate" }} />;
  if (!has(me.data, "operator", "auditor")) return <p className="empty">{t("app.not_yours")}</p>;
  const operator = has(me.data, "operator");
  return (
    <main className="wide">
      <h1 className="unseen">{t("nav.operate")}</h1>
      <Tabs
        activeKey={tab}
        onChange={(k) => navigate(`/operate/${k}`)}
        items={[
          { key: "figures", label: t("operate.figures"), children: <FiguresTab /> },
          ...(operator
            ? [
                { key: "jobs", label: t("operate.jobs"), children: <JobsTab /> },
                { key: "phrases", label: t("operate.phrases"), children: <PhrasesTab undoable={undoable} /> },
                { key: "models", label: t("operate.models"), children: <ModelsTab undoable={undoable} /> },
                { key: "recoveries", label: t("operate.recoveries"), children: <Recoveries /> },
                { key: "settings", label: t("operate.settings"), children: <Settings /> },
              ]
            : []),
          { key: "detectors", label: t("operate.detectors"), children: <Detectors operator={operator} /> },
          { key: "waivers", label: t("operate.waivers"), children: <Waivers /> },
          { key: "policy", label: t("operate.policy"), children: <PolicyTab /> },
        ]}
      />
    </main>
  );
}

function FiguresTab() {
  const f = useQuery({
    queryKey: ["figures"],
    queryFn: () => call<Figures>("GET", "/api/operate/figures"),
    refetchInterval: 10_000,
  });
  if (!f.data) return f.error ? <Failed of={f} /> : <Skeleton active />;
  const d = f.data;
  const one = (label: string, n: number | string, hint?: string) => (
    <div className="panel" key={label}>
      <span className="hint">{label}</span>
      <strong>{n}</strong>
      {hint && <span className="hint">{hint}</span>}
    </div>
  );
  const spread = (m: Record<string, number>, prefix: string) =>
    Object.entries(m)
      .map(([k, n]) => `${tr(prefix, k)} ${n}`)
      .join(" · ");
  return (
    <>
      <Failed of={f} />
      <div className="figures">
        {one(t("figures.released"), d.released, spread(d.labels, "ai"))}
        {one(t("figures.works"), d.works, spread(d.states, "state"))}
        {one(
          t("figures.verdicts"),
          Object.values(d.verdicts).reduce((a, b) => a + b, 0),
          spread(d.verdicts, "action"),
        )}
        {one(t("figures.cases"), d.open_cases, t("figures.decisions", d.decisions))}
        {one(t("figures.reports"), d.reports)}
        {one(
          t("figures.appeals"),
          Object.values(d.appeals).reduce((a, b) => a + b, 0),
          spread(d.appeals, "appealed"),
        )}
        {one(t("figures.no_ai"), d.no_ai, t("figures.of", d.accounts))}
        {one(
          t("figures.feedback"),
          Object.values(d.feedback).reduce((a, b) => a + b, 0),
          spread(d.feedback, "feedback"),
        )}
        {one(t("figures.calls"), d.calls, t("figures.cost", (d.cost / 1_000_000).toFixed(2)))}
      </div>
      <p className="hint">{t("figures.at", moment(d.at))}</p>
    </>
  );
}

function JobsTab() {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const jobs = useQuery({
    queryKey: ["jobs"],
    queryFn: () => call<Jobs>("GET", "/api/operate/jobs"),
    refetchInterval: 5000,
  });
  const retry = async (id: number) => {
    try {
      await call("POST", `/api/operate/jobs/${id}/retry`);
      await client.invalidateQueries({ queryKey: ["jobs"] });
    } catch (e) {
      message.error((e as Error).message);
    }
  };
  if (!jobs.data && jobs.error) return <Failed of={jobs} />;
  return (
    <>
      <Failed of={jobs} />
      <p className="hint">
        {Object.entries(jobs.data?.waiting ?? {})
          .map(([k, n]) => `${tr("job", k)} ${n}`)
          .join(" · ")}
      </p>
      <Table
        rowKey="id"
        loading={jobs.isPending}
        dataSource={jobs.data?.dead ?? []}
        pagination={false}
        scroll={{ x: 700 }}
        locale={{ emptyText: t("jobs.none") }}
        columns={[
          { title: t("jobs.step"), dataIndex: "step" },
          { title: t("jobs.ref"), dataIndex: "ref", render: (v: string) => <code>{v}</code> },
          { title: t("jobs.reason"), dataIndex: "reason" },
          { title: t("jobs.tries"), dataIndex: "tries" },
          {
            title: t("app.act"),
            dataIndex: "id",
            render: (id: number) => <Button onClick={() => void retry(id)}>{t("jobs.retry")}</Button>,
          },
        ]}
      />
    </>
  );
}

function PhrasesTab({ undoable }: { undoable: Undoable }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const list = useQuery({ queryKey: ["phrases"], queryFn: () => call<Phrase[]>("GET", "/api/operate/phrases") });
  const [text, setText] = useState("");
  const [risk, setRisk] = useState("fraud");
  const [tier, setTier] = useState("review");
  const refresh = () => client.invalidateQueries({ queryKey: ["phrases"] });
  const act = (f: () => Promise<unknown>) =>
    void f()
      .then(refresh)
      .catch((e: Error) => message.error(e.message));
  const remove = ({ id, text, risk, tier, source }: Phrase) =>
    act(async () => {
      await call("DELETE", `/api/operate/phrases/${id}`);
      undoable(t("phrases.removed", text), () =>
        act(() => call("POST", "/api/operate/phrases", { source, phrases: [{ text, risk, tier }] })),
      );
    });
  const add = () => {
    const phrases = text
      .split("\n")
      .map((x) => x.trim())
      .filter(Boolean)
      .map((x) => ({ text: x, risk, tier }));
    if (phrases.length > 0)
      act(async () => {
        await call("POST", "/api/operate/phrases", { source: "console", phrases });
        setText("");
      });
  };
  return (
    <>
      <div className="panel" style={{ marginBottom: 16 }}>
        <div className="row" style={{ alignItems: "flex-start" }}>
          <Input.TextArea
            value={text}
            onChange={(e) => setText(e.target.value)}
            autoSize={{ minRows: 1, maxRows: 8 }}
            placeholder={t("phrases.placeholder")}
            aria-label={t("phrases.placeholder")}
            style={{ flex: "1 1 240px" }}
          />
          <Select
            value={risk}
            onChange={setRisk}
            style={{ width: 160 }}
            aria-label={t("phrases.risk")}
            options={[
              "fraud",
              "porn",
              "gambling",
              "drugs",
              "violence",
              "terror",
              "politics",
              "abuse",
              "discrimination",
              "advertising",
              "diversion",
              "rumor",
              "privacy",
              "minors",
              "ip",
            ].map((x) => ({ value: x, label: tr("risk", x) }))}
          />
          <Select
            value={tier}
            onChange={setTier}
            style={{ width: 120 }}
            aria-label={t("phrases.tier")}
            options={["block", "review", "signal"].map((x) => ({ value: x, label: tr("tier", x) }))}
          />
          <Button type="primary" onClick={add}>
            {t("phrases.add")}
          </Button>
        </div>
      </div>
      <Failed of={list} />
      <Table
        rowKey="id"
        loading={list.isPending}
        dataSource={list.data ?? []}
        pagination={{ pageSize: 50, hideOnSinglePage: true }}
        scroll={{ x: 600 }}
        locale={{ emptyText: list.error ? "–" : t("phrases.none") }}
        columns={[
          { title: t("phrases.text"), dataIndex: "text" },
          { title: t("phrases.risk"), dataIndex: "risk", render: (v: string) => tr("risk", v) },
          { title: t("phrases.tier"), dataIndex: "tier", render: (v: string) => tr("tier", v) },
          { title: t("phrases.source"), dataIndex: "source" },
          {
            title: t("app.act"),
            dataIndex: "id",
            render: (_, phrase: Phrase) => <Button onClick={() => remove(phrase)}>{t("phrases.remove")}</Button>,
          },
        ]}
      />
    </>
  );
}

function ModelsTab({ undoable }: { undoable: Undoable }) {
  const client = useQueryClient();
  const [said, setSaid] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const models = useQuery({ queryKey: ["models"], queryFn: () => call<Models>("GET", "/api/operate/models") });
  const act = async (f: () => Promise<void>) => {
    setBusy(true);
    setError("");
    setSaid("");
    try {
      await f();
      await client.invalidateQueries({ queryKey: ["models"] });
      await client.invalidateQueries({ queryKey: ["site"] });
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  if (!models.data) return models.error ? <Failed of={models} /> : <Skeleton active />;
  const { connected, offered } = models.data;
  const use = (m: Schemas["ModelView"]) => act(async () => void (await call("PUT", "/api/operate/model", m)));
  const disconnect = () =>
    act(async () => {
      await call("PUT", "/api/operate/model", { url: "", name: "" });
      undoable(t("models.disconnected", connected.name), () => void use(connected));
    });
  return (
    <>
      <Failed of={models} />
      <div className="panel">
        <h2>{connected.name ? t("models.connected", connected.name) : t("models.none")}</h2>
        <p className="hint">{connected.url || t("models.hint")}</p>
        {connected.name && (
          <div className="row">
            <Button
              loading={busy}
              onClick={() =>
                void act(async () => setSaid((await call<{ said: string }>("POST", "/api/operate/model/test")).said))
              }
            >
              {t("models.test")}
            </Button>
            <Button id="disconnect" disabled={busy} onClick={() => void disconnect()}>
              {t("models.disconnect")}
            </Button>
          </div>
        )}
        {said && <Alert type="success" title={said} style={{ marginTop: 8 }} />}
        {error && <Alert type="error" role="alert" title={error} style={{ marginTop: 8 }} />}
        {offered.length > 0 && <h2 style={{ marginTop: 16 }}>{t("models.found")}</h2>}
        {offered.map((m) => (
          <p key={m.url + m.name} className="row between">
            <span>
              {m.name} <span className="hint">{m.url}</span>
            </span>
            <Button disabled={busy} onClick={() => void use(m)}>
              {t("models.use")}
            </Button>
          </p>
        ))}
      </div>
      <Setting
        id="day-cap"
        title={t("models.cap")}
        why={t("models.cap_why")}
        unit={t("models.yuan")}
        max={1_000_000}
        path="/api/operate/spend"
        read={(v: Schemas["DayCap"]) => v.cap / 1_000_000}
        write={(yuan) => ({ cap: Math.round(yuan * 1_000_000) })}
      />
    </>
  );
}

function PolicyTab() {
  const p = useQuery({
    queryKey: ["policy"],
    queryFn: () => call<Schemas["PolicyView"]>("GET", "/api/operate/policy"),
  });
  if (!p.data) return p.error ? <Failed of={p} /> : <Skeleton active />;
  return (
    <div className="panel">
      <p className="hint">
        {t("policy.hash")} <code>{p.data.hash}</code>
      </p>
      <pre className="policy">{p.data.text}</pre>
    </div>
  );
}
