import { defineConfig } from "vite";

// One page, hashed assets, relative addresses: any node and any web server can serve it.
export default defineConfig({
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/rpc": "http://127.0.0.1:8640", "/trust.json": "http://127.0.0.1:8640" } },
});
