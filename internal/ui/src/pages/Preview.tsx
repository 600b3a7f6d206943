import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useMemo, useState } from "react";
import type { Schemas } from "../api";
import { useStyles } from "../App";
import { t } from "../i18n";
import { Ant } from "../Ant";
import { Asks, Proposals } from "./note/Propose";
import { Reading } from "./note/Reading";

type Tried = Schemas["Tried"];
type Choices = Schemas["Choices"];

/** Preview is the arranged draft of somebody not signed in: titles to choose from, covers
 * and pages, the text, and questions whose answers arrange it anew. */
export function Preview({
  tried,
  idea,
  answers,
  choices,
  onAnswer,
  onChoose,
  onKeep,
}: {
  tried: Tried;
  idea: string;
  answers: Schemas["Answer"][];
  choices: Choices;
  onAnswer: (a: Schemas["Answer"][]) => void;
  onChoose: (c: Choices) => void;
  onKeep: (title: string) => void;
}) {
  const p = tried.proposals;
  const [picked, setPicked] = useState("");
  const title = p.titles.some((x) => x.text === picked) ? picked : tried.title;
  return (
    <Ant>
      <section className="panel tried" aria-live="polite">
        <h2>{t("first.titles", p.titles.length)}</h2>
        <Proposals sheet={tried} title={title} onPick={setPicked} />
        <Covers pages={p.pages} title={title} />
        <div className="field">
          <h3>{title}</h3>
          <p style={{ whiteSpace: "pre-wrap", margin: 0 }}>{p.body}</p>
          <p style={{ color: "var(--sprout)", margin: 0 }}>{p.tags.map((x) => `#${x.name}`).join(" ")}</p>
        </div>
        <Asks asks={p.asks} given={answers} onAnswer={onAnswer} />
        <Reading idea={idea} read={p} choices={choices} onChoose={onChoose} />
        <Button type="primary" onClick={() => onKeep(title)}>
          {t("first.keep")}
        </Button>
      </section>
    </Ant>
  );
}

/** looks are the styles the first covers are shown in. */
const looks = 4;

/** Covers draws the cover in a few styles and every page in the first of them. */
function Covers({ pages, title }: { pages: Schemas["Page"][]; title: string }) {
  const styles = useStyles();
  const [style, setStyle] = useState("");
  const shown = useMemo(() => {
    const [cover, ...rest] = pages;
    if (!cover) return [];
    const at = title.indexOf("｜");
    const split = at > 0 ? { title: title.slice(0, at), sub: title.slice(at + 1) } : { title, sub: undefined };
    const same = [cover.title, cover.sub].filter(Boolean).join("｜");
    const told = same === title || (cover.sub && title === `${cover.sub}｜${cover.title ?? ""}`);
    return [told ? cover : { ...cover, ...split }, ...rest];
  }, [pages, title]);
  const names = styles.data?.slice(0, looks).map((x) => x.name) ?? [];
  const now = style || names[0];
  if (styles.error) return <Alert type="warning" title={styles.error.message} />;
  return (
    <>
      <div className="pages" role="group" aria-label={t("note.style")}>
        {names.map((name) => (
          <button type="button" key={name} aria-pressed={name === now} onClick={() => setStyle(name)}>
            <Drawn style={name} pages={shown} n={0} alt={title} />
          </button>
        ))}
      </div>
      {now && shown.length > 1 && (
        <div className="pages" role="group" aria-label={t("note.pages")} tabIndex={0}>
          {shown.slice(1).map((_, i) => (
            <span key={i} className="drawn">
              <Drawn style={now} pages={shown} n={i + 1} alt={t("note.page", i + 2)} />
            </span>
          ))}
        </div>
      )}
    </>
  );
}

/** Drawn is one page as a picture; while it is drawn its place is kept. */
function Drawn({ style, pages, n, alt }: { style: string; pages: Schemas["Page"][]; n: number; alt: string }) {
  const picture = useQuery({
    queryKey: ["drawn", style, n, pages.length, pages[n]],
    queryFn: async ({ signal }) => {
      // The page itself and as many empty ones as there are others: a page shows its number.
      const body = JSON.stringify({ style, n, pages: pages.map((p, i) => (i === n ? p : { kind: "text" })) });
      const res = await fetch("/api/covers", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body,
        signal,
      });
      if (!res.ok) throw new Error(res.statusText);
      const reader = new FileReader();
      reader.readAsDataURL(await res.blob());
      return await new Promise<string>((done) => {
        reader.onload = () => done(reader.result as string);
      });
    },
    staleTime: 60_000,
    gcTime: 60_000,
  });
  if (picture.error) return <span className="blank">{t("first.undrawn")}</span>;
  return picture.data ? <img src={picture.data} alt={alt} width="96" height="128" /> : <span className="blank" />;
}
