import { useState } from "react";
import { t, tr } from "../../../i18n";

const prints = ["", "riso", "woodcut", "papercut", "line", "pixel", "halftone", "oil", "glass", "cyano", "torn"];

/** Prints is her own picture in every photo style, small: rules, no model. */
export function Prints({
  asset,
  value,
  onChange,
}: {
  asset: string;
  value: string;
  onChange: (print: string) => void;
}) {
  return (
    <div className="prints" role="group" aria-label={t("print.title")}>
      <p className="row between">
        <b>{t("print.title")}</b>
        <span className="hint">{t("print.nobody")}</span>
      </p>
      <div className="gallery">
        {prints.map((p) => (
          <button
            type="button"
            className="tile"
            key={p}
            id={`print-${p || "none"}`}
            aria-pressed={p === value}
            onClick={() => onChange(p)}
          >
            <Sample src={p ? `/api/assets/${asset}/prints/${p}` : `/api/assets/${asset}?small=1`} />
            {p ? tr("print", p) : t("print.none")}
          </button>
        ))}
      </div>
    </div>
  );
}

function Sample({ src }: { src: string }) {
  const [failed, fail] = useState(false);
  if (failed) return <span className="sketch failed">!</span>;
  return <img src={src} alt="" width="72" height="96" loading="lazy" onError={() => fail(true)} />;
}
