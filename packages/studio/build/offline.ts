/** The service worker that keeps the page for visits without a network: its files are known when it is built. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const source = fileURLToPath(new URL("../src/offline/worker.js", import.meta.url));

/** Models are kept when they are used; the engine for graphics processors is fetched by those who choose it. */
const LATER = /^examples\/models\/|asyncify|webgpu|\.map$/;

export const offline = (): Plugin => ({
  name: "offline",
  apply: "build",
  generateBundle(_, bundle) {
    const files = ["./", ...Object.keys(bundle).filter((name) => !LATER.test(name))];
    const text = readFileSync(source, "utf8").replace("__FILES__", JSON.stringify(files));
    this.emitFile({ type: "asset", fileName: "offline.js", source: text });
  },
});
