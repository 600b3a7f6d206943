import type { Sheet } from "../../../api";
import { useStyles } from "../../../App";
import { lang, t } from "../../../i18n";
import { Field } from "../Field";

/** StyleRow is one style for all pages, shown on this note's own cover. */
export function StyleRow({ sheet, style, onChange }: { sheet: Sheet; style: string; onChange: (s: string) => void }) {
  const styles = useStyles();
  // The samples are drawn anew only where the cover itself changed.
  const cover = encodeURIComponent(JSON.stringify([sheet.draft.pages[0], sheet.draft.brand])).slice(0, 1500);
  return (
    <Field label={t("note.style")}>
      {styles.error && <p role="alert">{styles.error.message}</p>}
      <div className="styles">
        {styles.data?.map((x) => (
          <button
            type="button"
            className="tile"
            key={x.name}
            id={`style-${x.name}`}
            aria-pressed={x.name === style}
            onClick={() => onChange(x.name)}
          >
            <img
              src={`/api/works/${sheet.id}/pages/0?style=${x.name}&small=1&t=${cover}`}
              alt=""
              width="72"
              height="96"
              loading="lazy"
            />
            {lang() === "zh" ? x.zh : x.en}
          </button>
        ))}
      </div>
    </Field>
  );
}
