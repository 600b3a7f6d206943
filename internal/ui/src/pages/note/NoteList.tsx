import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Skeleton } from "antd";
import { Link, NavLink } from "react-router";
import { call, type WorkLine } from "../../api";
import { Failed } from "../../Failed";
import { t, tr } from "../../i18n";

const most = 50; // as many as the server gives at once

const groups = ["draft", "held", "released"] as const;

/** group is where a note stands in the list: with readers, on its way to them, or with her. */
function group(w: WorkLine): (typeof groups)[number] {
  const v = w.latest;
  if (v && (v.state === "held" || (v.confirmed && (v.state === "submitted" || v.state === "cleared")))) return "held";
  return w.live ? "released" : "draft";
}

/** NoteList is one's own notes: drafts, in review, published. */
export function NoteList() {
  const works = useInfiniteQuery({
    queryKey: ["works", "list"],
    queryFn: ({ pageParam }) => call<WorkLine[]>("GET", `/api/works${pageParam ? `?before=${pageParam}` : ""}`),
    initialPageParam: 0,
    getNextPageParam: (last: WorkLine[]) => (last.length < most ? undefined : last.at(-1)?.updated),
  });
  const all = works.data?.pages.flat() ?? [];
  return (
    <div className="panel">
      <p>
        <Link to="/">+ {t("note.new")}</Link>
      </p>
      {works.isPending && <Skeleton active paragraph={{ rows: 4 }} title={false} />}
      <Failed of={works} />
      {works.data && all.length === 0 && <p className="hint">{t("notes.none")}</p>}
      {groups.map((g) => {
        const list = all.filter((w) => group(w) === g);
        if (list.length === 0) return null;
        return (
          <section key={g} aria-label={tr("notes", g)}>
            <h2>{tr("notes", g)}</h2>
            <ul>
              {list.map((w) => (
                <li key={w.id}>
                  <NavLink to={`/note/${w.id}`} title={w.title}>
                    {w.title || t("note.untitled")}
                    {w.latest && w.latest.state !== g && <small>{tr("state", w.latest.state)}</small>}
                  </NavLink>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {works.hasNextPage && (
        <Button
          id="more-notes"
          type="link"
          loading={works.isFetchingNextPage}
          onClick={() => void works.fetchNextPage()}
        >
          {t("notes.more")}
        </Button>
      )}
    </div>
  );
}
