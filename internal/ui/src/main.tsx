import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Problem } from "./api";
import { App, me, site } from "./App";
import "./app.css";
import "./words.css";
import { useLang } from "./i18n";
import { useMode } from "./mode";
import { themeOf } from "./theme";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (n, e) => n < 2 && !(e instanceof Problem && e.status >= 400 && e.status < 500),
      staleTime: 2000,
    },
  },
});

// On their way while the page is being made.
void client.prefetchQuery(me);
void client.prefetchQuery(site);

function Root() {
  const lang = useLang();
  const [mode] = useMode();
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  return (
    <ConfigProvider theme={themeOf(mode)} locale={lang === "zh" ? zhCN : enUS} button={{ autoInsertSpace: false }}>
      <AntApp>
        <BrowserRouter basename="/app">
          <App key={lang} />
        </BrowserRouter>
      </AntApp>
    </ConfigProvider>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Root />
    </QueryClientProvider>
  </StrictMode>,
);
