import { Button, Popover } from "antd";
import { useState } from "react";
import { t, tr } from "../../../i18n";
import { kinds } from "./kinds";

/** AddPage is a page of any kind, with a word on what it is for. */
export function AddPage({ disabled, onAdd }: { disabled: boolean; onAdd: (kind: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottom"
      content={
        <ul className="kindlist">
          {kinds.map((k) => (
            <li key={k.kind}>
              <button
                type="button"
                id={`add-${k.kind}`}
                onClick={() => {
                  setOpen(false);
                  onAdd(k.kind);
                }}
              >
                {tr("pagekind", k.kind)}
                <small>{tr("pagefor", k.kind)}</small>
              </button>
            </li>
          ))}
        </ul>
      }
    >
      <Button id="add-page" className="addpage" disabled={disabled}>
        + {t("pages.add")}
      </Button>
    </Popover>
  );
}
