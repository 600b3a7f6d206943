import { useQuery } from "@tanstack/react-query";
import { App as AntApp, Button, Skeleton } from "antd";
import { useState } from "react";
import { Problem } from "../../api";
import { useSite } from "../../App";
import { Failed } from "../../Failed";
import { lang, t } from "../../i18n";

interface Of {
  leaf: string;
  place: number;
  /** signed: her passkey's signature is in the receipt. */
  signed: boolean;
}

/** Receipt is the proof that one of her leaves is in the log; until it is there, that it is
 * on its way. */
export function Receipt({ leaf, place, signed }: Of) {
  const [open, setOpen] = useState(false);
  if (place < 0)
    return (
      <p className="hint recording" role="status">
        {t("receipt.recording")}
      </p>
    );
  return (
    <details className="receipt" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t("receipt.title", place)}</summary>
      {open && <Opened leaf={leaf} place={place} signed={signed} />}
    </details>
  );
}

/** read fetches a receipt, which is a text. */
async function read(path: string): Promise<string> {
  const res = await fetch(path, { headers: { "Accept-Language": lang() } }).catch(() => {
    throw new Problem(0, "offline", t("app.offline"));
  });
  if (res.ok) return res.text();
  const p = (await res.json().catch(() => null)) as { code?: string; detail?: string } | null;
  throw new Problem(res.status, p?.code ?? "internal", p?.detail ?? res.statusText);
}

function Opened({ leaf, place, signed }: Of) {
  const site = useSite();
  const { message } = AntApp.useApp();
  const path = `/api/rights/receipts/${leaf}`;
  const file = `loam-${place}.tlog-proof`;
  const r = useQuery({ queryKey: ["receipt", leaf, signed], queryFn: () => read(path), staleTime: Infinity });
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => message.success(t("take.copied")),
      () => message.error(t("take.blocked")),
    );
  if (r.error) return <Failed of={r} />;
  if (r.data === undefined) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  const witnesses = (site.data?.witnesses ?? []).filter((w) => r.data.includes(`\n— ${w.name} `));
  const seen = witnesses.map((w) => ` --witness '${w.key}'`).join("");
  const party = signed ? ` --party ${location.hostname} --origin ${location.origin}` : "";
  const command = `loam-verify --key '${site.data?.key ?? ""}'${seen}${party} --receipt ${file} ${location.origin}/log`;
  return (
    <div className="proof">
      <h3>{t("receipt.proves")}</h3>
      <p>{t("receipt.proves_it", place)}</p>
      {signed && <p>{t("receipt.proves_signed")}</p>}
      {witnesses.length > 0 && <p>{t("receipt.witnessed", witnesses.length)}</p>}
      {witnesses.length === 0 && !!site.data?.witnesses.length && <p>{t("receipt.unwitnessed")}</p>}
      <p>{t("receipt.proves_not")}</p>
      <div className="row">
        <Button size="small" onClick={() => copy(r.data)}>
          {t("receipt.copy")}
        </Button>
        <Button size="small" href={path} download={file}>
          {t("receipt.download")}
        </Button>
      </div>
      <p className="hint">{t("receipt.verify")}</p>
      <pre tabIndex={0}>{command}</pre>
      <Button size="small" onClick={() => copy(command)}>
        {t("receipt.copy_command")}
      </Button>
    </div>
  );
}
