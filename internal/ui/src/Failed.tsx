import { Alert, Button } from "antd";
import { t } from "./i18n";

/** Failed says that something could not be fetched, and fetches it again. */
export function Failed({ of: q }: { of: { error: Error | null; isFetching: boolean; refetch: () => unknown } }) {
  if (!q.error) return null;
  return (
    <Alert
      type="error"
      role="alert"
      style={{ marginBottom: 16 }}
      title={q.error.message}
      action={
        <Button loading={q.isFetching} onClick={() => void q.refetch()}>
          {t("app.again")}
        </Button>
      }
    />
  );
}
