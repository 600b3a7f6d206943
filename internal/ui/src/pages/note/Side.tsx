import { useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { call, type Check, type Sheet, type VersionView } from "../../api";
import { duration, t, tr } from "../../i18n";
import { cutter } from "../../utf8";

/** Phone is the note as readers see it: the same pictures, the same words. */
export function Phone({
  title,
  body,
  tags,
  pictures,
  notice,
  sound,
}: {
  title: string;
  body: string;
  tags: string[];
  pictures: string[];
  notice?: string;
  sound?: { url: string; name: string; millis?: number; notice?: string } | undefined;
}) {
  return (
    <div className="phone">
      <div className="strip" tabIndex={0} role="group" aria-label={t("note.pages")}>
        {pictures.map((src, i) => (
          <img key={src} src={src} alt={t("note.page", i + 1)} />
        ))}
      </div>
      <div className="text">
        <h3>{title}</h3>
        {notice && <span className="notice">{notice}</span>}
        {sound && (
          <figure className="heard">
            <figcaption>
              <span aria-hidden="true">♪</span> <bdi>{sound.name || t("field.sound")}</bdi>{" "}
              <span className="hint">{duration(sound.millis ?? 0)}</span>
            </figcaption>
            <audio
              key={sound.url}
              controls
              preload="none"
              src={sound.url}
              aria-label={sound.name || t("field.sound")}
            />
            {sound.notice && <span className="notice">{sound.notice}</span>}
          </figure>
        )}
        {body.split("\n").map((l, i) => (
          <p key={i}>{l}</p>
        ))}
        <p className="tags">{tags.map((x) => `#${x}`).join(" ")}</p>
      </div>
    </div>
  );
}

/** place is a finding's span in a field in UTF-16 units; findings count bytes of UTF-8. */
function place(text: string, c: Check): [number, number] {
  const cut = cutter(text);
  const units = (n: number) => cut(0, n).length;
  return [units(c.start), units(c.end)];
}

/** field is the text area a finding stands in, if it is a text. */
const field = (c: Check) => document.getElementById(c.field) as HTMLTextAreaElement | null;

/** useAt is the finding the caret stands in, -1 where it stands in none; it calls onClick
 * where a click brought it there. */
function useAt(checks: Check[], onClick?: (i: number) => void): [number, (i: number) => void] {
  const [at, setAt] = useState(-1);
  const clicked = useRef(onClick);
  clicked.current = onClick;
  useEffect(() => {
    const look = (): number => {
      const el = document.activeElement;
      if (!(el instanceof HTMLTextAreaElement) || (el.id !== "title" && el.id !== "body")) return -2;
      const i = checks.findIndex((c) => {
        if (c.field !== el.id || c.end <= c.start) return false;
        const [from, to] = place(el.value, c);
        return el.selectionStart >= from && el.selectionStart <= to;
      });
      setAt(i);
      return i;
    };
    const click = (e: MouseEvent) => {
      if (e.target !== document.activeElement) return;
      const i = look();
      if (i >= 0) clicked.current?.(i);
    };
    document.addEventListener("selectionchange", look);
    document.addEventListener("click", click);
    return () => {
      document.removeEventListener("selectionchange", look);
      document.removeEventListener("click", click);
    };
  }, [checks]);
  return [at, setAt];
}

/** Here says under a field what was found where the caret stands, for windows in which the
 * list of findings is not in sight. */
export function Here({ field, checks }: { field: string; checks: Check[] }) {
  const [at] = useAt(checks);
  const c = checks[at];
  return (
    <p className="hint here" role="status">
      {c?.field === field && c.text}
    </p>
  );
}

/** Checks is what to mend or look at before publishing. Each jumps to its words, and the
 * words jump to it: the one the caret stands in is marked. via goes first, where the list
 * covers the words. */
export function Checks({ checks, via }: { checks: Check[]; via?: (go: () => void) => void }) {
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useAt(checks, (i) => list.current?.children[i]?.scrollIntoView({ block: "nearest" }));
  const jump = (c: Check, i: number) => {
    const el = field(c);
    if (!el) return;
    const go = () => {
      el.focus();
      el.setSelectionRange(...place(el.value, c));
      setAt(i);
    };
    if (via) via(go);
    else go();
  };
  return (
    <div className="panel" style={{ marginTop: 16 }}>
      <h2>
        {t("note.checks")}{" "}
        <span className="hint">
          {checks.length === 0
            ? t("note.clean")
            : t(
                "note.checked",
                checks.filter((c) => c.level === "fix").length,
                checks.filter((c) => c.level !== "fix").length,
              )}
        </span>
      </h2>
      <ul className="checks" ref={list}>
        {checks.map((c, i) => (
          <li key={i} className={c.level} aria-current={i === at}>
            {c.end > c.start && (c.field === "title" || c.field === "body") ? (
              <button type="button" onClick={() => jump(c, i)}>
                {c.text}
              </button>
            ) : (
              c.text
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** MadeBy is the share of characters by origin. */
export function MadeBy({ percent }: { percent: Sheet["percent"] }) {
  const [person, arranged, model] = percent.map((n) => `${n}%`);
  return (
    <div className="panel">
      <h2>{t("note.made")}</h2>
      <div className="share" aria-hidden="true">
        <span className="p" style={{ width: person }} />
        <span className="a" style={{ width: arranged }} />
        <span className="m" style={{ width: model }} />
      </div>
      <p className="hint">
        {t("origin.person")} {person} · {t("origin.arranged")} {arranged} · {t("origin.model")} {model}
      </p>
    </div>
  );
}

/** Allows is what a note lets others do: as it is set for what readers see, else what it
 * would be set to on publishing. */
export function Allows({ live }: { live: string }) {
  const version = useQuery({
    queryKey: ["version", live],
    queryFn: () => call<VersionView>("GET", `/api/versions/${live}`),
    enabled: live !== "",
  });
  if (live && !version.data) return null;
  const now = version.data?.uses_now.filter((u) => u.allowed).map((u) => u.use) ?? ["index", "recommend"];
  const may = ["index", "recommend", "train", "commercial"].map(
    (u) => `${tr("allows", u)} ${t(now.some((x) => x === u || x.startsWith(`${u}.`)) ? "allows.yes" : "allows.no")}`,
  );
  return (
    <div className="panel">
      <h2>{t("allows.title")}</h2>
      <p>{may.join(" · ")}</p>
      <p className="hint">{live ? t("allows.now") : t("allows.default")}</p>
    </div>
  );
}
