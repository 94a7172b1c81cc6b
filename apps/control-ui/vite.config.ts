import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import manifest from "./package.json" with { type: "json" };

// Relative asset paths: the gateway may serve the page under any base path without a rebuild.
export default defineConfig({
  base: "./",
  plugins: [react()],
  define: { "import.meta.env.VITE_VERSION": JSON.stringify(manifest.version) },
  resolve: { conditions: ["@openclaw/source", "module", "browser", "development|production"] },
  build: {
    target: "es2023",
    // A strict content policy forbids inline scripts and data: fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
});
