/** The plan of the house, kept: who may import whom, how long a file may be, and that nothing names the machine it was written on. */
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { CIRCLES, COMPILE_PATH, FLOORS } from "./floors.ts";
import { files, importsOf, platformGlobals, read, sources } from "./sources.ts";

const all = sources("packages").filter((path) => FLOORS.flat().some((room) => room.startsWith(`${packageOf(path)}/`)));

/** "packages/core/src/onnx/wire.ts" is in the room "core/onnx". */
const roomOf = (path: string): string => `${packageOf(path)}/${path.split("/")[3]}`;
function packageOf(path: string): string {
  return path.split("/")[1]!;
}
const floorOf = (room: string) => FLOORS.findIndex((floor) => floor.includes(room));

/** The file of ours an import names; undefined for a package. */
const targetOf = (path: string, from: string): string | undefined => {
  if (from.startsWith(".")) return posix.join(posix.dirname(path), from);
  const own = /^@backlit\/(\w+)$|^(backlit)$/.exec(from);
  return own === null ? undefined : `packages/${own[1] ?? own[2]}/src/index.ts`;
};

/** Why this import has no place in the house; undefined when it has. */
const objection = (path: string, from: string): string | undefined => {
  const target = targetOf(path, from);
  if (target === undefined)
    return COMPILE_PATH.includes(roomOf(path)) ? `${path}: the compile path imports the package ${from}` : undefined;
  const [here, there] = [roomOf(path), roomOf(target)];
  if (here === there) return undefined;
  if (floorOf(there) < 0) return `${path}: '${there}' has no floor`;
  if (floorOf(there) >= floorOf(here)) return `${path}: ${from} does not lie below`;
  const compiles = COMPILE_PATH.includes(here) && !COMPILE_PATH.includes(there) && there !== "core/runtime";
  return compiles ? `${path}: ${from} is outside the compile path` : undefined;
};

/** Files that import each other, directly or through others (Tarjan). */
const circles = (paths: readonly string[]): string[][] => {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const next = new Map(
    paths.map((path) => [
      path,
      importsOf(path).flatMap(({ from }) => {
        const target = targetOf(path, from);
        return target !== undefined && paths.includes(target) ? [target] : [];
      }),
    ]),
  );
  const visit = (path: string): void => {
    index.set(path, index.size);
    low.set(path, index.get(path)!);
    stack.push(path);
    for (const other of next.get(path) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(path, Math.min(low.get(path)!, low.get(other)!));
    }
    if (low.get(path) !== index.get(path)) return;
    const circle = stack.splice(stack.indexOf(path));
    if (circle.length > 1) found.push(circle);
  };
  for (const path of paths) if (!index.has(path)) visit(path);
  return found;
};

describe("layering", () => {
  test("every room has a floor, and every floor's rooms are there", () => {
    const rooms = new Set(all.map(roomOf));
    expect([...rooms].filter((room) => floorOf(room) < 0)).toEqual([]);
    expect(FLOORS.flat().filter((room) => !rooms.has(room))).toEqual([]);
  });

  test("imports go down, types too; the compile path imports no package", () => {
    expect(all.length).toBeGreaterThan(500);
    expect(all.flatMap((path) => importsOf(path).map(({ from }) => objection(path, from))).filter(Boolean)).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    const known = Object.keys(CIRCLES).map((path) => `packages/${path.replace("/", "/src/")}`);
    expect(known.length).toBeLessThanOrEqual(1);
    expect(circles(all).filter((circle) => !known.some((path) => circle.includes(path)))).toEqual([]);
  });

  test("core and workbench import neither Node nor a runtime, and use no global of Node or the DOM", () => {
    const foreign = [...sources("packages/core/src"), ...sources("packages/workbench/src")].flatMap((path) => [
      ...importsOf(path)
        .filter(({ from, typeOnly }) => from.startsWith("node:") || (from.startsWith("onnxruntime-node") && !typeOnly))
        .map(({ from }) => `${path}: imports ${from}`),
      ...platformGlobals(path).map((name) => `${path}: uses ${name}`),
    ]);
    expect(foreign).toEqual([]);
  });

  test("the checks see what they look for", () => {
    const at = (path: string, text: string) =>
      importsOf(`packages/core/src/${path}`, text).map(({ from }) => objection(`packages/core/src/${path}`, from));
    expect(at("emit/walk.ts", `import { a } from "../onnx/a.ts";`)).toEqual([undefined]);
    expect(at("emit/walk.ts", `import type { Runtime } from "../runtime/runtime.ts";`)).toEqual([undefined]);
    expect(at("emit/walk.ts", `export * from "../render/plane.ts";`)[0]).toMatch(/does not lie below/);
    expect(at("emit/walk.ts", `import { a } from "../input/labels.ts";`)[0]).toMatch(/outside/);
    expect(at("emit/walk.ts", `const p = import("fast-png");`)[0]).toMatch(/package fast-png/);
    expect(at("onnx/wire.ts", `import type {\n  a,\n} from "../graph/a.ts";`)[0]).toMatch(/does not lie below/);
    expect(at("onnx/wire.ts", `import { a } from "../attic/a.ts";`)[0]).toMatch(/no floor/);
    expect(platformGlobals("packages/core/src/onnx/wire.ts", `Buffer.from(""); // process.env`)).toEqual(["Buffer"]);
    expect(platformGlobals("a.ts", `const f = (window: number[]) => window.length + "document.body".length;`)).toEqual([]);
    expect(circles(["packages/core/src/onnx/index.ts"])).toEqual([]);
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
