/** The plan of the house, kept: who may import whom, how long a file may be, and that nothing names the machine it was written on. */
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { files, importsOf, platformGlobals, read, sources } from "./sources.ts";

const core = "packages/core/src";

/** The compile path, in the direction of the data: a stage imports itself, its own tier and those before it. */
const tiers = [
  ["errors.ts", "numeric"],
  ["onnx"],
  ["graph"],
  ["canonize", "ops", "rules", "composites", "reading"],
  ["plan"],
  ["emit"],
];
const tierOf = (room: string) => tiers.findIndex((tier) => tier.includes(room));

/** First folder (or file) below packages/core/src. */
const roomOf = (path: string) => posix.relative(core, path).split("/")[0] ?? "";

const resolved = (path: string, from: string) => posix.join(posix.dirname(path), from);

/** Why this import has no place in the compile path; undefined when it has. */
const objection = (path: string, { from, typeOnly }: { from: string; typeOnly: boolean }): string | undefined => {
  if (!from.startsWith(".")) return `${path}: imports the package ${from}`;
  const target = resolved(path, from);
  if (target === `${core}/runtime/runtime.ts` && typeOnly) return undefined;
  const tier = tierOf(roomOf(target));
  if (tier < 0) return `${path}: ${from} is outside the compile path`;
  return tier > tierOf(roomOf(path)) ? `${path}: ${from} is a later stage` : undefined;
};

const compilePath = sources(core).filter((path) => tierOf(roomOf(path)) >= 0);

describe("layering", () => {
  test("the compile path imports no package and only earlier stages", () => {
    expect(compilePath.length).toBeGreaterThan(0);
    expect(compilePath.flatMap((path) => importsOf(path).map((i) => objection(path, i))).filter(Boolean)).toEqual([]);
  });

  test("core imports neither Node nor a runtime, and uses no global of Node or the DOM", () => {
    const foreign = sources(core).flatMap((path) => [
      ...importsOf(path)
        .filter(({ from, typeOnly }) => from.startsWith("node:") || (from.startsWith("onnxruntime-node") && !typeOnly))
        .map(({ from }) => `${path}: imports ${from}`),
      ...platformGlobals(path).map((name) => `${path}: uses ${name}`),
    ]);
    expect(foreign).toEqual([]);
  });

  test("the checks see what they look for", () => {
    const emit = `${core}/emit/walk.ts`;
    const onnx = `${core}/onnx/wire.ts`;
    const at = (path: string, text: string) => importsOf(path, text).map((i) => objection(path, i));
    expect(at(emit, `import { a } from "../onnx/a.ts";`)).toEqual([undefined]);
    expect(at(emit, `import type { Runtime } from "../runtime/runtime.ts";`)).toEqual([undefined]);
    expect(at(emit, `import { Runtime } from "../runtime/runtime.ts";`)[0]).toMatch(/outside/);
    expect(at(emit, `export * from "../render/png.ts";`)[0]).toMatch(/outside/);
    expect(at(emit, `const p = import("fast-png");`)[0]).toMatch(/package fast-png/);
    expect(at(onnx, `import {\n  a,\n} from "../graph/a.ts";`)[0]).toMatch(/later stage/);
    expect(platformGlobals(onnx, `Buffer.from(""); // process.env`)).toEqual(["Buffer"]);
    expect(platformGlobals(onnx, `const f = (window: number[]) => window.length + "document.body".length;`)).toEqual([]);
  });
});

describe("tidiness", () => {
  test("no source file is longer than 400 lines", () => {
    const long = sources("packages").filter((path) => read(path).split("\n").length > 401);
    expect(long).toEqual([]);
  });

  test("no list is spread into arguments: engines stop at some 125,000", () => {
    const spread =
      /Math\.(?:max|min)\((?:[^()]*, )?\.\.\.|\.push\((?:[^()[\]{}]*, )?\.\.\.|fromCharCode\(\.\.\.(?!bytes\.subarray\(0, 512\))/;
    expect("Math.max(0, ...values)").toMatch(spread);
    const sourced = sources("packages").filter((path) => path.includes("/src/") && !path.endsWith("numeric/extremes.ts"));
    expect(sourced.filter((path) => spread.test(read(path)))).toEqual([]);
  });

  test("nothing names a path of the machine it was written on", () => {
    const machinePath = new RegExp(`(?<![\\w.})])/(?:${["work", "home", "tmp"].join("|")})/`);
    expect("see /wor".concat("k/x")).toMatch(machinePath);
    const texts = files().filter((path) =>
      /\.(ts|tsx|js|mjs|svelte|css|html|py|sh|md|json|ya?ml)$|(^|\/)(LICENSE|NOTICE|run|Dockerfile)$/.test(path),
    );
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter((path) => machinePath.test(read(path)))).toEqual([]);
  });
});
