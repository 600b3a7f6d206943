import { useQuery } from "@tanstack/react-query";
import { Skeleton, Table } from "antd";
import { Navigate, useParams } from "react-router";
import { Link } from "react-router";
import { call, type Schemas } from "../api";
import { useMe } from "../App";
import { Failed } from "../Failed";
import { day, moment, t, tr } from "../i18n";

type NoteFigures = Schemas["NoteFigures"];
type Tally = Schemas["Tally"];

/** sources in the order they are shown. */
const sources = ["feed", "search", "creator", "topic", "link"];

/** Figures is what a creator's own notes met with, against her own median. */
export function Figures() {
  const me = useMe();
  const { id } = useParams();
  const f = useQuery({
    queryKey: ["creator-figures", id ?? ""],
    queryFn: () => call<NoteFigures>("GET", id ? `/api/works/${id}/figures` : "/api/figures"),
    enabled: !!me.data?.signed_in,
    placeholderData: (before) => before,
  });
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/figures" }} />;
  const one = f.data?.notes.find((n) => n.work === id);
  return (
    <main className="wide measures">
      <h1>{t("measures.title")}</h1>
      <Failed of={f} />
      {!f.data ? (
        !f.error && <Skeleton active />
      ) : f.data.notes.length === 0 ? (
        <p className="empty">
          {t("measures.none")} <Link to="/">{t("measures.begin")}</Link>
        </p>
      ) : (
        <>
          <section className="panel" aria-label={t("measures.days")}>
            <div className="row between">
              <h2>{one ? one.title : t("measures.all")}</h2>
              {one && <Link to="/figures">{t("measures.back")}</Link>}
            </div>
            <Days daily={f.data.daily} />
            <p className="hint">
              {t("measures.sources")} {sources.map((s) => `${tr("source", s)} ${f.data.sources[s] ?? 0}`).join(" · ")}
            </p>
          </section>
          <p className="hint">
            {f.data.median.enough
              ? t("measures.median", f.data.median.notes, f.data.median.views)
              : t("measures.few", f.data.median.notes)}{" "}
            {t("measures.how")}
          </p>
          <Notes data={f.data} />
          <p className="hint">{t("figures.at", moment(f.data.at))}</p>
        </>
      )}
    </main>
  );
}

/** Days draws the views of the last days, with the numbers in a table behind it. */
function Days({ daily }: { daily: NoteFigures["daily"] }) {
  const most = Math.max(1, ...daily.map((d) => d.views));
  const total = daily.reduce((n, d) => n + d.views, 0);
  const width = 100 / daily.length;
  return (
    <figure>
      <svg
        viewBox="0 0 100 30"
        preserveAspectRatio="none"
        role="img"
        aria-label={t("measures.chart", daily.length, total, most)}
      >
        <line x1="0" x2="100" y1="29.8" y2="29.8" />
        {daily.map((d, i) => (
          <rect
            key={d.day}
            x={i * width + width * 0.15}
            width={width * 0.7}
            y={29.5 - (28 * d.views) / most}
            height={(28 * d.views) / most}
          >
            <title>{`${d.day} · ${d.views}`}</title>
          </rect>
        ))}
      </svg>
      <figcaption className="row between hint">
        <span>{daily[0]?.day}</span>
        <span>{daily.at(-1)?.day}</span>
      </figcaption>
      <p className="hint">{t("measures.total", total, most)}</p>
      <details>
        <summary className="hint">{t("measures.table")}</summary>
        <div className="scroll" tabIndex={0} role="group" aria-label={t("measures.table")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("measures.day")}</th>
                <th scope="col">{t("measures.views")}</th>
              </tr>
            </thead>
            <tbody>
              {daily.toReversed().map((d) => (
                <tr key={d.day}>
                  <th scope="row">{d.day}</th>
                  <td>{d.views}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** Notes lists each note's figures; a number beside its multiple of her own median. */
function Notes({ data }: { data: NoteFigures }) {
  const against = (n: number, middle: number) =>
    data.median.enough && middle > 0 ? <small className="hint"> {(n / middle).toFixed(1)}×</small> : null;
  const column = (key: "views" | "likes" | "collects" | "comments") => ({
    title: t(`measures.${key}`),
    dataIndex: key,
    align: "right" as const,
    sorter: (a: Tally, b: Tally) => a[key] - b[key],
    render: (n: number) => (
      <>
        {n}
        {against(n, data.median[key])}
      </>
    ),
  });
  return (
    <Table<Tally>
      rowKey="work"
      size="small"
      dataSource={data.notes}
      pagination={data.notes.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      scroll={{ x: 640 }}
      columns={[
        {
          title: t("measures.note"),
          dataIndex: "title",
          render: (title: string, n) => (
            <>
              <Link to={`/figures/${n.work}`}>{title}</Link>
              <br />
              <small className="hint">
                {day(n.released_at)} · <a href={`/p/${n.work}`}>{t("measures.open")}</a>
              </small>
            </>
          ),
        },
        column("views"),
        column("likes"),
        column("collects"),
        column("comments"),
        {
          title: t("measures.from"),
          dataIndex: "sources",
          render: (s: Tally["sources"]) => (
            <small className="hint">
              {sources
                .filter((k) => s[k])
                .map((k) => `${tr("source", k)} ${s[k]}`)
                .join(" · ") || "–"}
            </small>
          ),
        },
      ]}
    />
  );
}
