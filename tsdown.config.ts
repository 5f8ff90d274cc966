import { fileURLToPath } from "node:url";
import { defineConfig } from "tsdown";
import { rawText } from "./raw-text.js";

// Dependencies stay external, so `backlit` imports `@backlit/core` at run time and both share one copy.
// That plugins take most of the time of so small a build is no news: an installation says nothing of it.
const asBuilt = { format: "esm", dts: true, fixedExtension: false, sourcemap: true, checks: { pluginTimings: false } } as const;
const shared = { ...asBuilt, plugins: [rawText()] };
const node = { ...shared, platform: "node", target: "node20.19" } as const;
const source = (name: string) => fileURLToPath(new URL(`packages/${name}/src/index.ts`, import.meta.url));
const whole = {
  alias: { "@backlit/core": source("core"), "@backlit/workbench": source("workbench") },
  deps: {
    alwaysBundle: ["@backlit/core", "@backlit/workbench"],
    neverBundle: ["@backlit/conform", "@backlit/fleet", "@backlit/service"],
  },
};

/** Rooms of the core with a door of their own: `@backlit/core/onnx`. */
const doors = ["onnx", "render", "evaluate", "methods", "input", "extend"];

export default defineConfig([
  // A module a file: an import costs what it uses, and a bundler drops the rest.
  {
    ...shared,
    name: "core",
    cwd: "packages/core",
    entry: ["src/index.ts", ...doors.map((room) => `src/${room}/index.ts`)],
    platform: "neutral",
    target: "es2022",
    unbundle: true,
  },
  {
    ...shared,
    name: "workbench",
    cwd: "packages/workbench",
    entry: "src/index.ts",
    platform: "neutral",
    target: "es2022",
    unbundle: true,
  },
  {
    ...shared,
    name: "web",
    cwd: "packages/web",
    entry: "src/index.ts",
    platform: "browser",
    target: "es2022",
    unbundle: true,
    tsconfig: "tsconfig.json",
  },
  {
    ...node,
    name: "backlit",
    cwd: "packages/backlit",
    entry: { index: "src/index.ts", "service-thread": "src/host/service-thread.ts", "fleet-thread": "src/host/fleet-thread.ts" },
  },
  // The command is one file with the core in it: opening six hundred would take longer than most of its work.
  { ...node, name: "command", cwd: "packages/backlit", entry: "src/cli.ts", dts: false, clean: false, ...whole },
  { ...node, name: "service", cwd: "packages/service", entry: "src/index.ts", unbundle: true },
  { ...node, name: "fleet", cwd: "packages/fleet", entry: "src/index.ts", unbundle: true },
  { ...node, name: "conform", cwd: "packages/conform", entry: "src/index.ts" },
  // A worker starts with every command, and needs next to nothing of the core: that is built in, the rest never loaded.
  {
    ...node,
    name: "worker",
    cwd: "packages/backlit",
    entry: { "worker-thread": "src/host/runtime/worker-thread.ts" },
    dts: false,
    clean: false,
    ...whole,
  },
]);
