import { useQueryClient } from "@tanstack/react-query";
import { Alert, App as AntApp, Button, Dropdown } from "antd";
import { useRef, useState } from "react";
import { call, type GenerationView, type Schemas, type Sheet } from "../../api";
import { t, tr, yuan } from "../../i18n";
import { bytes } from "../../utf8";
import { paid } from "./paid";
import type { useSheet } from "./useSheet";
import type { Stretch } from "./Words";

type Rewriting = Schemas["Rewriting"];
type Spend = Schemas["Spend"];
type Field = "title" | "body";

const offline = ["shorten", "conclusion", "split", "list", "join", "tidy", "emoji", "limits", "worn"];
const modelled = ["rewrite", "expand", "warmer", "plainer"];

/** isRewrite reports a purpose whose answer stands for words of the note. */
export const isRewrite = (purpose: string): boolean => modelled.includes(purpose);

/** Where is the stretch a rewrite is about, in bytes of UTF-8; end 0 is the whole field. */
interface Where {
  field: Field;
  start: number;
  end: number;
}

interface Asked extends Where {
  op: string;
  spend?: Spend; // what a model's answer would cost; she has not said yes yet
  waiting?: string; // id of the call that runs
  done?: GenerationView;
  diff?: Rewriting;
  error?: string;
}

/** useRewrite is the rewrites of a note: a menu for a stretch or a whole field, and the
 * difference under the field, of which she takes what she likes. */
export function useRewrite(id: string, s: ReturnType<typeof useSheet>, model: string) {
  const { message } = AntApp.useApp();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>();
  const [left, setLeft] = useState<Set<number>>(new Set());
  const [paying, setPaying] = useState(false);
  const pressed = useRef(false);
  const source = useRef<EventSource>(undefined);
  const box = useRef<HTMLElement>(null);

  const close = () => {
    source.current?.close();
    setAsked(undefined);
  };
  const show = async (a: Asked, generation?: string) => {
    const diff = await call<Rewriting>("POST", `/api/works/${id}/rewrites`, {
      field: a.field,
      start: a.start,
      end: a.end,
      ...(generation ? { generation } : { op: a.op }),
    });
    setLeft(new Set());
    if (diff.hunks === 0) {
      message.info(t("rewrite.nothing"));
      setAsked(a.done ? { ...a, diff } : undefined);
      return;
    }
    setAsked({ ...a, diff });
  };
  const begin = async (op: string, field: Field, text: string, stretch?: Stretch) => {
    source.current?.close();
    const start = stretch ? bytes(text.slice(0, stretch.from)) : 0;
    const end = stretch ? start + bytes(text.slice(stretch.from, stretch.to)) : 0;
    const a: Asked = { op, field, start, end };
    try {
      await s.flush();
      if (offline.includes(op)) return await show(a);
      const spend = await call<Spend>("POST", `/api/works/${id}/cost`, { purpose: op, field, start, end });
      setAsked({ ...a, spend });
    } catch (e) {
      message.error((e as Error).message);
    }
  };
  const pay = async (a: Asked) => {
    if (pressed.current) return; // two presses come before the page is drawn anew
    pressed.current = true;
    setPaying(true);
    try {
      const now = await s.flush();
      const ask = { purpose: a.op, field: a.field, start: a.start, end: a.end };
      const g = await paid(`rewrite ${id}`, { ...ask, text: now?.[a.field] }, (key) =>
        call<GenerationView>("POST", `/api/works/${id}/generations`, ask, { "Idempotency-Key": key }),
      );
      void client.invalidateQueries({ queryKey: ["generations", id] });
      const running: Asked = { ...a, spend: undefined, waiting: g.id, error: undefined };
      setAsked(running);
      source.current?.close();
      const stream = new EventSource(`/api/generations/${g.id}/events`);
      source.current = stream;
      stream.addEventListener("end", (e) => {
        stream.close();
        void client.invalidateQueries({ queryKey: ["generations", id] });
        void client.invalidateQueries({ queryKey: ["spend", id] });
        const done = JSON.parse((e as MessageEvent<string>).data) as GenerationView;
        const ended: Asked = { ...running, waiting: undefined, done, error: done.message };
        if (!done.text) return setAsked(ended);
        void show(ended, done.id).catch((x: Error) => setAsked({ ...ended, error: x.message }));
      });
    } catch (e) {
      setAsked({ ...a, error: (e as Error).message });
    } finally {
      pressed.current = false;
      setPaying(false);
    }
  };
  /** open shows an answer that came earlier, where the words it was about still stand. */
  const open = async (g: GenerationView) => {
    const { field, start, end } = g.params;
    source.current?.close();
    try {
      await s.flush();
      await show({ op: g.purpose, field: field as Field, start: Number(start), end: Number(end), done: g }, g.id);
      requestAnimationFrame(() => box.current?.focus());
    } catch (e) {
      message.error((e as Error).message);
    }
  };
  const stop = (running: string) =>
    void call("POST", `/api/generations/${running}/stop`).catch((e: Error) => message.error(e.message));
  const take = (a: Asked, all: number) =>
    void s
      .run((revision) =>
        call<Sheet>("PUT", `/api/works/${id}/rewrites`, {
          revision,
          rewrite: {
            field: a.field,
            start: a.start,
            end: a.end,
            ...(a.done ? { generation: a.done.id } : { op: a.op }),
          },
          hunks: Array.from({ length: all }, (_, i) => i + 1).filter((n) => !left.has(n)),
        }),
      )
      .then(close)
      .catch((e: Error) => setAsked({ ...a, error: e.message }));

  const menu = (field: Field, text: string, stretch?: Stretch) => (
    <Dropdown
      trigger={["click"]}
      autoFocus
      menu={{
        onClick: ({ key: op }) => void begin(op, field, text, stretch),
        items: [
          {
            type: "group",
            label: t("rewrite.offline"),
            children: offline.map((op) => ({ key: op, label: tr("rewrite", op) })),
          },
          {
            type: "group",
            label: model ? t("rewrite.by_model", model) : t("rewrite.no_model"),
            children: modelled.map((op) => ({ key: op, label: tr("rewrite", op), disabled: !model })),
          },
        ],
      }}
    >
      <Button size="small" id={stretch ? undefined : `rewrite-${field}`} disabled={!text} title={t("rewrite.key")}>
        {stretch ? t("rewrite.stretch", Array.from(text.slice(stretch.from, stretch.to)).length) : t("rewrite.whole")} ▾
      </Button>
    </Dropdown>
  );

  const panel = (field: Field) => {
    if (asked?.field !== field) return null;
    const a = asked;
    const hunks = a.diff?.hunks ?? 0;
    const flip = (n: number) => {
      const next = new Set(left);
      if (!next.delete(n)) next.add(n);
      setLeft(next);
    };
    return (
      <section ref={box} tabIndex={-1} className="panel rewriting" aria-label={tr("rewrite", a.op)} aria-live="polite">
        <div className="row between">
          <strong>
            {tr("rewrite", a.op)}
            {a.op === "worn" && <span className="hint"> {t("rewrite.worn_hint")}</span>}
          </strong>
          {a.done && <span className="hint">{t("model.cost", a.done.tokens, yuan(a.done.cost))}</span>}
        </div>
        {a.error && <Alert type="warning" role="alert" title={a.error} style={{ margin: "8px 0" }} />}
        {a.spend && (
          <>
            <Price spend={a.spend} />
            <div className="row">
              <Button type="primary" id="pay-rewrite" loading={paying} onClick={() => void pay(a)}>
                {t("rewrite.ask", model)}
              </Button>
              <Button onClick={close}>{t("rewrite.not_now")}</Button>
            </div>
          </>
        )}
        {a.waiting && (
          <div className="row">
            <span className="hint">{t("rewrite.waiting", model)}</span>
            <Button size="small" onClick={() => stop(a.waiting ?? "")}>
              {t("model.stop")}
            </Button>
          </div>
        )}
        {a.diff && (
          <>
            <Diff pieces={a.diff.pieces} origin={a.diff.origin} left={left} flip={flip} />
            <div className="row">
              <Button type="primary" id="take-rewrite" disabled={left.size >= hunks} onClick={() => take(a, hunks)}>
                {left.size === 0 ? t("rewrite.take_all", hunks) : t("rewrite.take", hunks - left.size, hunks)}
              </Button>
              <Button onClick={close}>{t("rewrite.leave")}</Button>
            </div>
          </>
        )}
        {!a.spend && !a.waiting && !a.diff && (
          <Button size="small" onClick={close}>
            {t("rewrite.leave")}
          </Button>
        )}
      </section>
    );
  };
  return { menu, panel, open };
}

/** Price is what a model's answer would cost and what is left of the day. */
export function Price({ spend }: { spend: Spend }) {
  if (!spend.priced) return <p className="hint">{t("model.free", spend.tokens)}</p>;
  return (
    <p className="hint">
      {t("model.price", yuan(spend.likely), yuan(spend.most))}{" "}
      {spend.cap > 0 ? t("model.today", yuan(spend.spent), yuan(spend.cap)) : t("model.today_free", yuan(spend.spent))}
    </p>
  );
}

/** Diff is a difference by words; each change is a switch: pressed is taken. */
function Diff({
  pieces,
  origin,
  left,
  flip,
}: {
  pieces: Rewriting["pieces"];
  origin: string;
  left: Set<number>;
  flip: (n: number) => void;
}) {
  const visible = (s: string) => s.replaceAll("\n", "↵\n");
  return (
    <p className="diff">
      {pieces.map((p, i) =>
        p.hunk === 0 ? (
          <span key={i}>{p.same}</span>
        ) : (
          <button
            type="button"
            key={i}
            aria-pressed={!left.has(p.hunk)}
            aria-label={t("rewrite.hunk", p.cut || t("rewrite.empty"), p.add || t("rewrite.empty"))}
            onClick={() => flip(p.hunk)}
          >
            {p.cut && <del>{visible(p.cut)}</del>}
            {p.add && <ins className={`by-${origin}`}>{visible(p.add)}</ins>}
          </button>
        ),
      )}
    </p>
  );
}
