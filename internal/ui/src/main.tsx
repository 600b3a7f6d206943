import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { Problem } from "./api";
import { App, me, site } from "./App";
import "./app.css";
import "./words.css";
import { useLang } from "./i18n";
import "./mode";

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
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  return (
    <BrowserRouter basename="/app">
      <App key={lang} />
    </BrowserRouter>
  );
}

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <Root />
    </QueryClientProvider>
  </StrictMode>,
);
