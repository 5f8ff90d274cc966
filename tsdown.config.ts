import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";

// Dependencies stay external, so `backlit` imports `@backlit/core` at run time and both share one copy.
// That plugins take most of the time of so small a build is no news: an installation says nothing of it.
const shared = { format: "esm", dts: true, fixedExtension: false, sourcemap: true, checks: { pluginTimings: false } } as const;

export default defineConfig([
  { ...shared, name: "core", cwd: "packages/core", entry: "src/index.ts", platform: "neutral", target: "es2022" },
  {
    ...shared,
    name: "backlit",
    cwd: "packages/backlit",
    entry: ["src/index.ts", "src/cli.ts"],
    platform: "node",
    target: "node20.19",
    deps: { neverBundle: ["@backlit/conform"] },
  },
  {
    ...shared,
    name: "conform",
    cwd: "packages/conform",
    entry: "src/index.ts",
    platform: "node",
    target: "node20.19",
  },
  // A worker starts with every command, and needs next to nothing of the core: that is built in, the rest never loaded.
  {
    ...shared,
    name: "worker",
    cwd: "packages/backlit",
    entry: { "worker-thread": "src/runtime/worker-thread.ts" },
    dts: false,
    platform: "node",
    target: "node20.19",
    alias: { "@backlit/core": fileURLToPath(new URL("packages/core/src/index.ts", import.meta.url)) },
    deps: { alwaysBundle: ["@backlit/core"] },
  },
]);
