import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defaultClientConditions, defineConfig } from "vite";
import { exampleFiles } from "./build/example-files.ts";
import { offline } from "./build/offline.ts";
import { policy } from "./build/policy.ts";

const src = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Threads of WebAssembly need a page that is isolated from others. */
const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  plugins: [svelte(), exampleFiles(), policy(), offline()],
  resolve: {
    alias: [
      { find: /^@backlit\/core\/(\w+)$/, replacement: src("core/src/$1/index.ts") },
      { find: /^@backlit\/(core|workbench|web)$/, replacement: src("$1/src/index.ts") },
    ],
    // The runtime's files have addresses of their own: its bundle would start our whole worker again as its thread.
    conditions: ["onnxruntime-web-use-extern-wasm", ...defaultClientConditions],
  },
  worker: { format: "es" },
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { headers, fs: { allow: ["../.."] } },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000, reportCompressedSize: false },
});
