import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.LOAM_ADDR ?? "localhost:8600";

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: { outDir: "dist/app", emptyOutDir: true, chunkSizeWarningLimit: 2000 },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/static", "/p"].map((path) => [path, { target: `http://${server}`, changeOrigin: false }]),
    ),
  },
});
