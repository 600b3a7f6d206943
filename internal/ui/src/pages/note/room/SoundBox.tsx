import { Button, Input } from "antd";
import { useRef } from "react";
import { duration, t } from "../../../i18n";
import { Field } from "../Field";
import { useUndo } from "../useUndo";
import type { SoundTable } from "./useSound";

/** SoundBox is the note's sound: added, named, played, replaced, taken off. */
export function SoundBox({ sound }: { sound: SoundTable }) {
  const picker = useRef<HTMLInputElement>(null);
  const offer = useUndo();
  const { now, sending } = sound;
  const remove = () => {
    sound.set(undefined);
    offer(t("sound.removed"), () => sound.set(now));
  };
  return (
    <Field label={t("sound.title")}>
      <div className="row">
        <Button id="add-sound" onClick={() => picker.current?.click()}>
          {now ? t("sound.replace") : `+ ${t("sound.add")}`}
        </Button>
        <span className="hint">{t("sound.hint")}</span>
        <input
          ref={picker}
          id="sound-file"
          type="file"
          accept="audio/*,.mp3,.m4a,.wav,.flac,.ogg,.opus"
          hidden
          onChange={(e) => {
            sound.take(Array.from(e.target.files ?? []));
            e.target.value = "";
          }}
        />
      </div>
      {sending && (
        <div className="queue-of-pictures">
          <ul>
            <li className={sending.why ? "failed" : "sending"}>
              <span className="name">{sending.file.name}</span>
              {sending.why ? (
                <span className="why" role="alert">
                  {sending.why}
                </span>
              ) : (
                <progress value={sending.sent} max={1} aria-label={t("sound.sending", sending.file.name)} />
              )}
              <span className="acts">
                {sending.why && <Button onClick={sound.retry}>{t("upload.retry")}</Button>}
                <Button
                  type="text"
                  aria-label={t(sending.why ? "upload.forget" : "upload.cancel", sending.file.name)}
                  onClick={sound.drop}
                >
                  ×
                </Button>
              </span>
            </li>
          </ul>
        </div>
      )}
      {now && (
        <div className="heard" id="sound">
          <audio key={now.asset} controls preload="none" src={`/api/assets/${now.asset}`} aria-label={now.name} />
          <div className="row">
            <Input
              id="sound-name"
              value={now.name}
              maxLength={60}
              placeholder={t("sound.name_hint")}
              aria-label={t("sound.name")}
              onChange={(e) => sound.set({ ...now, name: e.target.value })}
            />
            <span className="count">{duration(now.millis ?? 0)}</span>
            <Button id="remove-sound" onClick={remove}>
              {t("sound.remove")}
            </Button>
          </div>
        </div>
      )}
    </Field>
  );
}
