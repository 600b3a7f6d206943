import { Button } from "antd";
import { useRef } from "react";
import type { CaseView, Schemas } from "../../api";
import { duration, t } from "../../i18n";

/** SoundCase is the sound of a case: silent until the reviewer turns it on, with the places where a
 * registered recording was heard in it. */
export function SoundCase({
  c,
  of,
  on,
  onTurn,
}: {
  c: CaseView;
  of: Schemas["SoundView"];
  on: boolean;
  onTurn: () => void;
}) {
  const player = useRef<HTMLAudioElement>(null);
  const from = (second: number) => {
    const a = player.current;
    if (!a) return;
    a.currentTime = second;
    void a.play().catch(() => undefined); // the player shows what went wrong
  };
  const heard = (c.verdict.findings ?? []).filter((f) => f.facts?.by === "sound");
  return (
    <figure className="heard" aria-label={t("field.sound")}>
      <figcaption>
        <span aria-hidden="true">♪</span> <bdi>{of.name || t("field.sound")}</bdi>{" "}
        <span className="hint">{duration(of.millis)}</span>
        {of.notice && <span className="notice">{of.notice}</span>}
      </figcaption>
      <audio ref={player} controls preload="none" muted={!on} src={of.url} aria-label={of.name || t("field.sound")} />
      <div className="row">
        <Button id="sound-on" aria-pressed={on} onClick={onTurn}>
          {on ? t("review.sound_off") : t("review.sound_on")}
          <kbd>M</kbd>
        </Button>
        {heard.map((f, i) => (
          <Button key={i} onClick={() => from(Number(f.facts?.second ?? 0))}>
            {t("review.sound_at", duration(1000 * Number(f.facts?.second ?? 0)), Math.round(f.score * 100))}
          </Button>
        ))}
      </div>
    </figure>
  );
}
