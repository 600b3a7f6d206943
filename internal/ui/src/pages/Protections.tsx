import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Popconfirm, Skeleton } from "antd";
import { useRef, useState } from "react";
import { Link, Navigate } from "react-router";
import { call, type Schemas } from "../api";
import { useMe } from "../App";
import { Failed } from "../Failed";
import { moment, place, t, tr } from "../i18n";
import { Ask } from "./protections/Ask";
import "./protections/protections.css";

type Protection = Schemas["Protection"];
type Sighting = Schemas["Sighting"];

/** Protections is a creator's own page of what she had registered, where it was seen, and the form
 * that asks for more. */
export function Protections() {
  const me = useMe();
  const list = useQuery({
    queryKey: ["protections"],
    queryFn: () => call<Schemas["ProtectionsView"]>("GET", "/api/protections"),
    enabled: !!me.data?.signed_in,
  });
  const [asking, setAsking] = useState(false);
  const [asked, setAsked] = useState(false); // she comes from the form: the focus is on what opened it
  if (!me.data?.signed_in) return <Navigate to="/sign-in" state={{ back: "/rights/protections" }} />;
  return (
    <main className="wide protections">
      <p className="hint">
        <Link to="/rights">← {t("nav.rights")}</Link>
      </p>
      <h1>{t("protection.title")}</h1>
      <p className="lead">{t("protection.lead")}</p>
      <Failed of={list} />
      {!list.data ? (
        !list.error && <Skeleton active />
      ) : (
        <>
          <Sightings />
          {asking ? (
            <Ask
              of={list.data}
              onDone={() => {
                setAsking(false);
                setAsked(true);
              }}
            />
          ) : (
            <Button type="primary" id="ask" autoFocus={asked} onClick={() => setAsking(true)}>
              {t("protection.ask")}
            </Button>
          )}
          {list.data.list.length === 0 && !asking && <p className="empty">{t("protection.none")}</p>}
          {list.data.list.toReversed().map((p) => (
            <One key={p.id} of={p} />
          ))}
        </>
      )}
    </main>
  );
}

/** One is one protection: what it is, where it stands, and the way to take it back. */
function One({ of: p }: { of: Protection }) {
  const client = useQueryClient();
  const { message } = AntApp.useApp();
  const box = useRef<HTMLElement>(null);
  const take = async (back: "withdraw" | "stop-comparing") => {
    try {
      await call("POST", `/api/protections/${p.id}/${back}`);
      message.success(t(back === "withdraw" ? "protection.withdrew" : "protection.stopped"));
    } catch (e) {
      message.error((e as Error).message);
    }
    await Promise.all(
      ["protections", "sightings", "rights", "rights-acts"].map((k) => client.invalidateQueries({ queryKey: [k] })),
    );
    box.current?.focus(); // the button may be gone
  };
  const gone = p.state === "withdrawn";
  return (
    <section className="panel" data-protection={p.id} ref={box} tabIndex={-1}>
      <div className="row between">
        <h2>
          {gone ? tr("protectedkind", p.kind) : p.name} <span className="hint">{tr("protection.state", p.state)}</span>
        </h2>
        {!gone && <Sure word="withdraw" onSure={() => void take("withdraw")} />}
      </div>
      {gone ? (
        <p className="hint">{t("protection.gone", moment(p.withdrawn_at))}</p>
      ) : (
        <>
          <p>
            {tr("protectedkind", p.kind)} · {t("protection.of", p.subject)}
            {p.guardian && ` · ${t("protection.guarded", p.guardian)}`}
          </p>
          {p.aliases.length > 0 && <p className="hint">{t("protection.also", p.aliases.join(t("rights.comma")))}</p>}
          <p className="quote">{p.text}</p>
          {p.compare && (
            <div className="row">
              <span>{tr("protection.comparing", p.kind === "voice" ? "voice" : "face")}</span>
              <Sure word="stop" onSure={() => void take("stop-comparing")} />
            </div>
          )}
          {p.reason && <p>{t("protection.because", tr("protection.reason", p.reason))}</p>}
          <p className="hint">{tr("protection.means", p.state)}</p>
        </>
      )}
    </section>
  );
}

/** Sure is a button for what cannot be undone, since it deletes. Its question stands right behind it, for
 * Tab too. */
function Sure({ word, onSure }: { word: "withdraw" | "stop"; onSure: () => void }) {
  return (
    <span className="sure">
      <Popconfirm
        title={t(`protection.${word}_sure`)}
        okText={t(`protection.${word}`)}
        cancelText={t("app.cancel")}
        onConfirm={onSure}
        getPopupContainer={(button) => button.parentElement!}
      >
        <Button>{t(`protection.${word}`)}</Button>
      </Popconfirm>
    </span>
  );
}

/** Sightings are the places where her protections were found in what others publish. */
function Sightings() {
  const list = useQuery({ queryKey: ["sightings"], queryFn: () => call<Sighting[]>("GET", "/api/sightings") });
  return (
    <>
      <Failed of={list} />
      {!!list.data?.length && (
        <section className="panel sightings" aria-label={t("sighting.title")}>
          <h2>{t("sighting.title")}</h2>
          <p className="hint">{t("sighting.lead")}</p>
          <ul>
            {list.data.map((s) => (
              <Seen key={s.id} of={s} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Seen({ of: s }: { of: Sighting }) {
  const client = useQueryClient();
  const [error, setError] = useState("");
  const say = (answer: string) => {
    setError("");
    return call("POST", `/api/sightings/${s.id}`, { answer })
      .then(() => client.invalidateQueries({ queryKey: ["sightings"] }))
      .catch((e: Error) => setError(e.message));
  };
  return (
    <li data-sighting={s.id}>
      <p>
        {s.work ? (
          <a href={`/p/${s.work}`} target="_blank" rel="noreferrer">
            {s.title || t("note.untitled")}
          </a>
        ) : (
          t("sighting.unseen")
        )}{" "}
        <span className="hint">
          {t(
            `sighting.by_${s.by as "name" | "picture" | "sound" | "face" | "voice"}`,
            s.name,
            s.fields.map(place).join(t("rights.comma")),
          )}{" "}
          · {moment(s.at)}
        </span>
      </p>
      {s.answer && <p role="status">{tr("sighting.said", s.answer)}</p>}
      {error && <Alert type="error" role="alert" title={error} />}
      <div className="row">
        <Button disabled={s.answer === "mine"} onClick={() => void say("mine")}>
          {t("sighting.mine")}
        </Button>
        {s.work ? (
          <Button href={`/notice?work=/p/${s.work}`} target="_blank" onClick={() => void say("takedown")}>
            {t("sighting.takedown")}
          </Button>
        ) : (
          <Button disabled={s.answer === "takedown"} onClick={() => void say("takedown")}>
            {t("sighting.object")}
          </Button>
        )}
      </div>
    </li>
  );
}
