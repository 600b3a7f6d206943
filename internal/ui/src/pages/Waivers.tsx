import { useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { call, type Schemas } from "../api";
import { Failed } from "../Failed";
import { lang, moment, place, t, tr } from "../i18n";

type Waiver = Schemas["Waiver"];

/** Waivers is the log of files that left without a visible label: who applied, for whom and
 * what, what was handed out, until when it is kept. */
export function Waivers() {
  const list = useQuery({ queryKey: ["waivers"], queryFn: () => call<Waiver[]>("GET", "/api/operate/waivers") });
  if (!list.data && list.error) return <Failed of={list} />;
  return (
    <>
      <Failed of={list} />
      <p className="hint">{t("waivers.why")}</p>
      <Table<Waiver>
        className="log"
        rowKey="id"
        loading={list.isPending}
        dataSource={list.data ?? []}
        pagination={false}
        scroll={{ x: 1080 }}
        locale={{ emptyText: t("waivers.none") }}
        columns={[
          { title: t("waivers.at"), dataIndex: "at", className: "at", render: (at: number) => moment(at) },
          {
            title: t("waivers.who"),
            dataIndex: "handle",
            render: (handle: string, w) => (
              <>
                @{handle}
                <p className="hint">{tr("waivers.identity", w.identity)}</p>
              </>
            ),
          },
          { title: t("waiver.recipient"), dataIndex: "recipient" },
          { title: t("waiver.purpose"), dataIndex: "purpose" },
          {
            title: t("waivers.files"),
            dataIndex: "deliveries",
            render: (_, w) =>
              w.deliveries.map((d) => (
                <p key={d.id} className="hint" title={d.digest}>
                  {place(d.field)} · {moment(d.at)} · {tr("waivers.channel", d.channel)} · <code>{d.produce_id}</code>
                </p>
              )),
          },
          {
            title: t("waivers.kept"),
            dataIndex: "keep_until",
            className: "at",
            render: (at: number) => new Date(at).toLocaleDateString(lang(), { dateStyle: "medium" }),
          },
        ]}
      />
    </>
  );
}
