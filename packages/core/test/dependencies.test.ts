/** Every package a file imports is declared by the package the file is in, and what is declared is used. */
import { builtinModules } from "node:module";
import { describe, expect, test } from "vitest";
import { files, importsOf, read } from "./sources.ts";

/** "@scope/name" or "name" of an import; undefined for a file, a module of Node, or a name made at run time. */
const packageOf = (from: string): string | undefined => {
  if (/^(\.|node:|\(computed\))/.test(from) || builtinModules.includes(from)) return undefined;
  return /^(@[^/]+\/)?[^/]+/.exec(from)?.[0];
};

const manifestOf = (folder: string) => JSON.parse(read(`${folder}/package.json`)) as Record<string, Record<string, string>>;
const keys = (...lists: (Record<string, string> | undefined)[]) => lists.flatMap((list) => Object.keys(list ?? {}));

const isTest = (path: string) => /\.test\.ts$|\/test\//.test(path);
const workspaces = [
  "packages/core",
  "packages/workbench",
  "packages/conform",
  "packages/service",
  "packages/fleet",
  "packages/backlit",
  "packages/studio",
  "bench",
];
const developed = keys(manifestOf(".").devDependencies);

/** What the files of a folder import, as "package: file". */
const imported = (paths: readonly string[]) =>
  paths.flatMap((path) =>
    importsOf(path).flatMap(({ from }) => {
      const name = packageOf(from);
      return name === undefined ? [] : [{ name, path }];
    }),
  );

describe.each(workspaces)("%s", (folder) => {
  const manifest = manifestOf(folder);
  const own = keys(manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies);
  const code = files(folder).filter((path) => /\.(ts|js|mjs|svelte)$/.test(path));
  const shipped = imported(code.filter((path) => !isTest(path)));

  test("declares what its code imports", () => {
    const known = [...own, String(manifest.name), ...(manifest.private ? developed : [])];
    expect(shipped.filter(({ name }) => !known.includes(name))).toEqual([]);
    expect(shipped.length).toBeGreaterThan(0);
  });

  test("and uses what it declares", () => {
    // Models are found by their package's name, and BullMQ loads the client of the queue's server: none of them is imported.
    const named = new Set([...shipped.map(({ name }) => name), "@backlit/models", "ioredis", "pg"]);
    expect(own.filter((name) => !named.has(name))).toEqual([]);
  });
});

test("tests import what the workspace or one of its packages declares", () => {
  const all = workspaces.flatMap((folder) => {
    const { dependencies, optionalDependencies, devDependencies, name } = manifestOf(folder);
    return [...keys(dependencies, optionalDependencies, devDependencies), String(name)];
  });
  const tests = workspaces.flatMap((folder) => files(folder).filter((path) => path.endsWith(".ts") && isTest(path)));
  expect(imported(tests).filter(({ name }) => ![...all, ...developed].includes(name))).toEqual([]);
});

test("the check sees what it looks for", () => {
  const names = importsOf("a.ts", `import { a } from "@x/y/z"; export * from "b/c"; import "./d.ts"; await import("node:fs");`);
  expect(names.map(({ from }) => packageOf(from))).toEqual(["@x/y", "b", undefined, undefined]);
});
