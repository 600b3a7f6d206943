import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, Table } from "antd";
import { useState } from "react";
import { call, type Schemas } from "../api";
import { Failed } from "../Failed";
import { Found, Unseen } from "../Found";
import { lang, t, tr } from "../i18n";

type Detector = Schemas["DetectorView"];

/** Detectors is how each detector is and what it did, with a place to try a text. */
export function Detectors({ operator }: { operator: boolean }) {
  const list = useQuery({
    queryKey: ["detectors"],
    queryFn: () => call<Detector[]>("GET", "/api/operate/detectors"),
    refetchInterval: 30_000,
  });
  return (
    <>
      {operator && <Try />}
      <Failed of={list} />
      <Table
        rowKey="name"
        loading={list.isPending}
        dataSource={list.data ?? []}
        pagination={false}
        scroll={{ x: 760 }}
        locale={{ emptyText: "–" }}
        columns={[
          {
            title: t("detectors.name"),
            dataIndex: "name",
            render: (name: string, d: Detector) => (
              <>
                {tr("detector", name)}
                <br />
                <span className="hint">
                  <code>{name}</code> {d.version}
                </span>
              </>
            ),
          },
          {
            title: t("detectors.health"),
            dataIndex: "health",
            render: (health: string, d: Detector) => (
              <>
                <span className={health === "failing" ? "notice" : health === "absent" ? "hint" : undefined}>
                  {tr("health", health)}
                </span>
                {d.trouble && (
                  <>
                    <br />
                    <span className="hint">
                      {health === "absent"
                        ? t(d.name === "guard" ? "detectors.unset" : "detectors.install")
                        : d.trouble}
                    </span>
                  </>
                )}
              </>
            ),
          },
          { title: t("detectors.looks"), dataIndex: "looks", align: "right" },
          {
            title: t("detectors.lost"),
            align: "right",
            render: (_, d: Detector) => (d.failed + d.absent > 0 ? t("detectors.lost_of", d.failed, d.absent) : "–"),
          },
          {
            title: t("detectors.latency"),
            align: "right",
            render: (_, d: Detector) => (d.looks > 0 ? `${time(d.p50)} / ${time(d.p99)}` : "–"),
          },
          {
            title: t("detectors.cost"),
            align: "right",
            render: (_, d: Detector) =>
              d.price > 0 ? t("detectors.fen", fen(d.price), fen(d.cost)) : t("detectors.free"),
          },
        ]}
      />
      <p className="hint">{t("detectors.since")}</p>
    </>
  );
}

/** time is microseconds as a person reads them. */
const time = (micros: number): string =>
  micros < 1000
    ? `${micros} µs`
    : micros < 1_000_000
      ? `${(micros / 1000).toFixed(1)} ms`
      : `${(micros / 1e6).toFixed(1)} s`;

/** fen is micro-yuan in fen. */
const fen = (micro: number): string => (micro / 10_000).toLocaleString(lang(), { maximumFractionDigits: 2 });

/** Try screens a text that is kept nowhere, and shows all that was found. */
function Try() {
  const [text, setText] = useState("");
  const [verdict, setVerdict] = useState<Schemas["Verdict"]>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    setError("");
    try {
      setVerdict(await call<Schemas["Verdict"]>("POST", "/api/screen", { text }));
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="panel" style={{ marginBottom: 16 }} aria-label={t("detectors.try")}>
      <div className="row" style={{ alignItems: "flex-start" }}>
        <Input.TextArea
          value={text}
          onChange={(e) => setText(e.target.value)}
          autoSize={{ minRows: 1, maxRows: 8 }}
          placeholder={t("detectors.placeholder")}
          aria-label={t("detectors.placeholder")}
          style={{ flex: "1 1 240px" }}
        />
        <Button type="primary" loading={busy} disabled={text.trim() === ""} onClick={() => void go()}>
          {t("detectors.go")}
        </Button>
      </div>
      {error && <Alert type="error" role="alert" title={error} style={{ marginTop: 8 }} />}
      {verdict && !error && (
        <div role="status" style={{ marginTop: 12 }}>
          <strong>{tr("action", verdict.action)}</strong>{" "}
          <span className="hint">
            {(verdict.rules ?? []).map((r) => r.rule).join(t("found.joint")) || t("detectors.nothing")}
          </span>
          <ul className="checks">
            {(verdict.findings ?? []).map((f, i) => (
              <Found key={i} of={f} />
            ))}
            <Unseen of={verdict} />
          </ul>
        </div>
      )}
    </section>
  );
}
