import { Button, Input } from "antd";
import { t } from "../../../i18n";
import { Field } from "../Field";

/** BrandBox is her colour and sign, on every page in every style. */
export function BrandBox({
  brand,
  onChange,
}: {
  brand: { accent?: string; sign?: string };
  onChange: (b: { accent?: string; sign?: string }) => void;
}) {
  return (
    <Field label={t("brand.title")}>
      <div className="row brandbox">
        <label className="swatch">
          <input
            type="color"
            id="brand-accent"
            value={brand.accent || sprout()}
            aria-label={t("brand.accent")}
            onChange={(e) => onChange({ ...brand, accent: e.target.value })}
          />
          {brand.accent ? brand.accent : t("brand.none")}
        </label>
        <Input
          id="brand-sign"
          value={brand.sign ?? ""}
          maxLength={20}
          placeholder={t("brand.sign")}
          aria-label={t("brand.sign")}
          onChange={(e) => onChange({ ...brand, sign: e.target.value })}
        />
        {(brand.accent || brand.sign) && (
          <Button id="brand-off" onClick={() => onChange({})}>
            {t("brand.off")}
          </Button>
        )}
      </div>
      <p className="hint">{t("brand.hint")}</p>
    </Field>
  );
}

/** sprout is where a chooser without a colour begins: the app's own. */
const sprout = (): string => getComputedStyle(document.documentElement).getPropertyValue("--sprout").trim();
