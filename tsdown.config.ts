import { defineConfig } from "tsdown";

// Dependencies stay external, so `backlit` imports `@backlit/core` at run time and both share one copy.
const shared = { format: "esm", dts: true, fixedExtension: false, sourcemap: true } as const;

export default defineConfig([
  { ...shared, name: "core", cwd: "packages/core", entry: "src/index.ts", platform: "neutral", target: "es2022" },
  {
    ...shared,
    name: "backlit",
    cwd: "packages/backlit",
    entry: { index: "src/index.ts", cli: "src/cli.ts", "worker-thread": "src/runtime/worker-thread.ts" },
    platform: "node",
    target: "node20.19",
  },
]);
