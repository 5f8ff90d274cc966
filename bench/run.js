/** `npm run bench`: bundles the benchmark with the packages' sources (Node 20 does not read TypeScript) and runs it. */
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsdown";
import { rawText } from "../raw-text.js";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
// Inside node_modules, so that dependencies resolve and nothing needs ignoring.
const outDir = at("../node_modules/.cache/backlit-bench");
await build({
  config: false,
  entry: { main: at("main.ts"), "child-main": at("child-main.ts") },
  outDir,
  format: "esm",
  platform: "node",
  target: "node20.19",
  alias: { "@backlit/core": at("../packages/core/src/index.ts") },
  dts: false,
  sourcemap: true,
  fixedExtension: false,
  deps: { neverBundle: [/^onnxruntime/, /^playwright/] },
  plugins: [rawText()],
  logLevel: "warn",
});
const { main } = await import(pathToFileURL(`${outDir}/main.js`).href);
process.exitCode = await main(process.argv.slice(2));
