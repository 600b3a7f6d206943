import { Input } from "antd";
import { useState } from "react";
import { t } from "../../../i18n";

/** Lines is a field with one item to a line. Blank lines are hers while she types and are
 * not part of the page. */
export function Lines({
  id,
  label,
  hint,
  lines,
  onChange,
}: {
  id: string;
  label: string;
  hint?: string;
  lines: string[];
  onChange: (lines: string[]) => void;
}) {
  const [text, setText] = useState(lines.join("\n"));
  const own = text.split("\n").filter((l) => l.trim());
  // Changed from outside, by another layout or an undo: that is what counts.
  const value = own.join("\n") === lines.filter((l) => l.trim()).join("\n") ? text : lines.join("\n");
  return (
    <label className="part">
      <span>{label}</span>
      <Input.TextArea
        id={id}
        value={value}
        autoSize={{ minRows: 2, maxRows: 12 }}
        maxLength={4000}
        onChange={(e) => {
          setText(e.target.value);
          onChange(e.target.value.split("\n").filter((l) => l.trim()));
        }}
      />
      <small className="hint">{hint ?? t("pages.lines_hint")}</small>
    </label>
  );
}
