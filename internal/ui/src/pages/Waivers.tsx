import { useQuery } from "@tanstack/react-query";
import { Skeleton, Table } from "antd";
import { call, type Schemas } from "../api";
import { Failed } from "../Failed";
import { day, moment, place, t, tr } from "../i18n";
import { usePhone } from "../phone";

type Waiver = Schemas["Waiver"];

/** columns are what the log says of an application. */
const columns = () => [
  { key: "at", title: t("waivers.at"), className: "at", render: (w: Waiver) => moment(w.at) },
  {
    key: "who",
    title: t("waivers.who"),
    render: (w: Waiver) => (
      <>
        @{w.handle}
        <p className="hint">{tr("waivers.identity", w.identity)}</p>
      </>
    ),
  },
  { key: "recipient", title: t("waiver.recipient"), render: (w: Waiver) => w.recipient },
  { key: "purpose", title: t("waiver.purpose"), render: (w: Waiver) => w.purpose },
  {
    key: "files",
    title: t("waivers.files"),
    render: (w: Waiver) =>
      w.deliveries.map((d) => (
        <p key={d.id} className="hint" title={d.digest}>
          {place(d.field)} · {moment(d.at)} · {tr("waivers.channel", d.channel)} · <code>{d.produce_id}</code>
        </p>
      )),
  },
  {
    key: "kept",
    title: t("waivers.kept"),
    className: "at",
    render: (w: Waiver) => day(w.keep_until),
  },
];

/** Waivers is the log of files that left without a visible label: who applied, for whom and
 * what, what was handed out, until when it is kept. */
export function Waivers() {
  const list = useQuery({ queryKey: ["waivers"], queryFn: () => call<Waiver[]>("GET", "/api/operate/waivers") });
  const onPhone = usePhone();
  if (!list.data && list.error) return <Failed of={list} />;
  return (
    <>
      <Failed of={list} />
      <p className="hint">{t("waivers.why")}</p>
      {onPhone ? (
        <Cards list={list.data} />
      ) : (
        <Table<Waiver>
          className="log"
          rowKey="id"
          loading={list.isPending}
          dataSource={list.data ?? []}
          pagination={false}
          scroll={{ x: 1080 }}
          locale={{ emptyText: t("waivers.none") }}
          columns={columns().map((c) => ({ ...c, render: (_: unknown, w: Waiver) => c.render(w) }))}
        />
      )}
    </>
  );
}

/** Cards are the log on a phone. */
function Cards({ list }: { list: Waiver[] | undefined }) {
  if (!list) return <Skeleton active />;
  if (list.length === 0) return <p className="empty">{t("waivers.none")}</p>;
  return (
    <ul className="log-cards">
      {list.map((w) => (
        <li key={w.id} className="panel" data-row-key={w.id}>
          <dl>
            {columns().map((c) => (
              <div key={c.key}>
                <dt>{c.title}</dt>
                <dd>{c.render(w)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
