import { App, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useLang } from "./i18n";
import { useMode } from "./mode";
import { themeOf } from "./theme";

/** Ant is the component library in Loam's tokens and language, around the pages people work
 * in. The first page does without it: it is most of what a browser would have to read. */
export function Ant({ children }: { children: React.ReactNode }) {
  const lang = useLang();
  const [mode] = useMode();
  return (
    <ConfigProvider theme={themeOf(mode)} locale={lang === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <App>{children}</App>
    </ConfigProvider>
  );
}
