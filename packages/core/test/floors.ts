/**
 * The floors of the house, lowest first: rooms on a floor import themselves and what lies below, types included. A room is a folder of a
 * package's sources, or a file that stands among them.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ["core/errors.ts", "core/version.ts", "core/tensor"],
  ["core/numeric", "core/cards", "core/formats", "core/runtime"],
  ["core/onnx", "core/input", "core/rules", "core/clusters"],
  ["core/graph", "core/composites"],
  ["core/trees"],
  ["core/ops", "core/compiled"],
  ["core/canonize", "core/reading"],
  ["core/plan", "core/features", "core/lower"],
  ["core/emit", "core/oracle"],
  ["core/compile", "core/methods"],
  ["core/explain"],
  ["core/evaluate"],
  ["core/concepts", "core/repair"],
  ["core/render", "core/extend"],
  ["core/report"],
  ["core/index.ts"],
  ["workbench/host"],
  ["workbench/words"],
  ["workbench/models"],
  ["workbench/samples"],
  ["workbench/rows", "workbench/data"],
  ["workbench/report"],
  ["workbench/views"],
  ["workbench/jobs"],
  ["workbench/open"],
  ["workbench/index.ts"],
  ["conform/verdict.ts"],
  ["conform/compare.ts", "conform/metrics"],
  ["conform/cases.ts"],
  ["conform/concepts"],
  ["conform/run.ts"],
  ["conform/index.ts"],
  ["web/host"],
  ["web/load.ts"],
  ["web/index.ts"],
  ["backlit/io.ts", "backlit/host"],
  ["backlit/door.ts", "backlit/voice.ts", "backlit/load.ts", "backlit/options"],
  ["backlit/commands"],
  ["backlit/main.ts", "backlit/index.ts"],
  ["backlit/cli.ts"],
];

/** The way from bytes to bytes: no package is imported on it. */
export const COMPILE_PATH: readonly string[] = [
  "errors.ts",
  "version.ts",
  "tensor",
  "numeric",
  "cards",
  "onnx",
  "rules",
  "composites",
  "graph",
  "trees",
  "ops",
  "compiled",
  "canonize",
  "reading",
  "plan",
  "emit",
  "lower",
  "compile",
].map((room) => `core/${room}`);

/** Circles of files that are the nature of what they say, with the reason. */
export const CIRCLES: Readonly<Record<string, string>> = {
  "core/ops/body.ts": "a unit's derivative is that of the nodes in it, which are looked up where the unit is",
};
