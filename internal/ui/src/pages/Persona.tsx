import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App as AntApp, Button, Checkbox, InputNumber, Select, Skeleton, Switch } from "antd";
import { Link, Navigate } from "react-router";
import { call, type Schemas } from "../api";
import { useMe } from "../App";
import { Failed } from "../Failed";
import { t } from "../i18n";

type View = Schemas["PersonaView"];
type Edits = Schemas["PersonaEdits"];
type Value = keyof Schemas["Persona"];

const marks = ["", "· ", "- ", "• ", "▪ "];
const heads = ["", "【", "▍"];

/** Persona is how one writes, learned from one's own published notes that allow it: seen,
 * edited, switched and forgotten here. It is off until its owner switches it on. */
export function Persona() {
  const me = useMe();
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const signedIn = !!me.data?.signed_in;
  const persona = useQuery({
    queryKey: ["persona"],
    queryFn: () => call<View>("GET", "/api/persona"),
    enabled: signedIn,
  });
  if (!signedIn) return <Navigate to="/sign-in" state={{ back: "/persona" }} />;
  if (!persona.data)
    return (
      <main className="narrow">
        <Failed of={persona} />
        {!persona.error && <Skeleton active />}
      </main>
    );
  const v = persona.data;
  const save = async (e: Edits) => {
    try {
      client.setQueryData<View>(["persona"], await call<View>("PUT", "/api/persona", e));
    } catch (x) {
      message.error((x as Error).message);
    }
  };
  const edit = (e: Partial<Edits>) => void save({ ...v.edits, ...e });
  const unset = (name: Value) => {
    const rest: Edits = { ...v.edits };
    delete rest[name];
    void save(rest);
  };
  const forget = async () => {
    const was = v.edits;
    try {
      await call("DELETE", "/api/persona");
      await client.invalidateQueries({ queryKey: ["persona"] });
      message.open({
        type: "success",
        duration: 5,
        content: (
          <>
            {t("persona.forgotten")}{" "}
            <Button size="small" type="link" onClick={() => void save(was)}>
              {t("rewrite.undo")}
            </Button>
          </>
        ),
      });
    } catch (x) {
      message.error((x as Error).message);
    }
  };
  const allow = async (work: string, allowed: boolean) => {
    try {
      await call("PUT", `/api/works/${work}/uses/style`, { allowed });
      await client.invalidateQueries({ queryKey: ["persona"] });
    } catch (x) {
      message.error((x as Error).message);
    }
  };
  const closed = !!me.data?.account.no_ai; // her switch for all her works stands above each note
  const rests = v.notes.filter((n) => n.allowed && !n.model).length;
  /** row is one habit: what was learned, and her own value in its place. */
  const row = (name: Value, learned: string, field: React.ReactNode) => (
    <div className="habit">
      <div>
        <strong>{t(`persona.${name}`)}</strong>
        <div className="hint">
          {v.edits[name] === undefined
            ? t(rests ? "persona.learned" : "persona.unlearned")
            : t("persona.set", learned || t("persona.none"))}
        </div>
      </div>
      <div className="row">
        {field}
        {v.edits[name] !== undefined && (
          <Button size="small" type="link" onClick={() => unset(name)}>
            {t("persona.back")}
          </Button>
        )}
      </div>
    </div>
  );
  return (
    <main className="first">
      <Failed of={persona} />
      <div className="panel">
        <div className="row between">
          <h1 style={{ margin: 0 }}>{t("persona.title")}</h1>
          <Switch checked={v.on} onChange={(on) => edit({ on })} aria-label={t("persona.on")} />
        </div>
        <p className="hint">{v.on ? t("persona.is_on") : t("persona.is_off")}</p>
        <p className="hint">
          {rests === 0 ? t("persona.rests_none") : t("persona.rests", rests)} {t("persona.private")}
        </p>
        {row(
          "words",
          v.learned.words.join(" "),
          <Select
            mode="tags"
            value={v.now.words}
            style={{ minWidth: 240, maxWidth: "100%" }}
            tokenSeparators={[" ", "、", ","]}
            placeholder={t("persona.none")}
            onChange={(words: string[]) => edit({ words: words.slice(0, 40) })}
            aria-label={t("persona.words")}
          />,
        )}
        {row(
          "emoji",
          String(v.learned.emoji),
          <InputNumber
            min={0}
            max={1000}
            value={v.now.emoji}
            onBlur={(e) => {
              const n = Number(e.target.value);
              if (n !== v.now.emoji) edit({ emoji: n });
            }}
            aria-label={t("persona.emoji")}
          />,
        )}
        {row(
          "sentence",
          String(v.learned.sentence),
          <InputNumber
            min={0}
            max={500}
            value={v.now.sentence}
            onBlur={(e) => {
              const n = Number(e.target.value);
              if (n !== v.now.sentence) edit({ sentence: n });
            }}
            aria-label={t("persona.sentence")}
          />,
        )}
        {row(
          "bullet",
          v.learned.bullet,
          <Select
            value={v.now.bullet}
            style={{ width: 120 }}
            onChange={(bullet) => edit({ bullet })}
            options={marks.map((m) => ({ value: m, label: m.trim() || t("persona.none") }))}
            aria-label={t("persona.bullet")}
          />,
        )}
        {row(
          "heading",
          v.learned.heading,
          <Select
            value={v.now.heading}
            style={{ width: 120 }}
            onChange={(heading) => edit({ heading })}
            options={heads.map((m) => ({ value: m, label: m ? (m === "【" ? "【…】" : "▍…") : t("persona.none") }))}
            aria-label={t("persona.heading")}
          />,
        )}
        <Button onClick={() => void forget()}>{t("persona.forget")}</Button>
      </div>
      <div className="panel">
        <h2>{t("persona.notes")}</h2>
        <p className="hint">{t("persona.notes_hint")}</p>
        {closed && (
          <p className="hint">
            {t("persona.closed")} <Link to="/account">{t("nav.account")}</Link>
          </p>
        )}
        {v.notes.length === 0 ? (
          <p className="empty">
            {t("persona.no_notes")} <Link to="/">{t("nav.studio")}</Link>
          </p>
        ) : (
          <ul className="plainlist">
            {v.notes.map((n) => (
              <li key={n.work} className="row between">
                <Checkbox checked={n.allowed} disabled={closed} onChange={(e) => void allow(n.work, e.target.checked)}>
                  {n.title}
                </Checkbox>
                {n.model && <span className="hint">{t("persona.model")}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}
