/** What the pages say by name exists, and what exists is on the pages. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { composites, METHODS, parseRecipe, resolve, SEEDS, STARTS, VERSION } from "../src/index.ts";
import { rules } from "../src/rules/index.ts";
import { files, read, root } from "./sources.ts";

/** What stands in backticks. */
const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside]) => inside!);

/** The rows of the tables of a text: their cells. */
const rows = (text: string) =>
  text
    .split("\n")
    .filter((line) => /^\|(?![-|]*$)/.test(line))
    .map((line) => line.split("|").slice(1, -1));

const recipes = read("docs/recipes.md");

describe("docs/architecture.md", () => {
  const named = quoted(read("docs/architecture.md"))
    .filter((name) => /^[\w/-]+(\.ts|\/)$/.test(name))
    .map((name) => name.replace(/\/$/, ""));
  const own = ["core", "workbench", "backlit", "fleet", "service", "studio", "web"]
    .flatMap((name) => files(`packages/${name}/src`))
    .map((path) => path.replace(/^packages\/\w+\/src\//, ""));

  test("files and folders it names are there", () => {
    expect(named.length).toBeGreaterThan(20);
    const there = (name: string) => own.some((path) => `/${path}/`.includes(`/${name}/`));
    expect(named.filter((name) => !there(name))).toEqual([]);
  });

  test("every room of the core is on it", () => {
    const rooms = new Set(
      own.filter((path) => existsSync(join(root, "packages/core/src", path))).map((path) => path.split("/")[0]!),
    );
    const folders = [...rooms].filter((room) => !room.endsWith(".ts"));
    expect(folders.filter((room) => !named.includes(room))).toEqual([]);
  });
});

// A link to a file has a dot or a slash; adjoint[w](s) of a formula has none.
describe.each(["README.md", "CONTRIBUTING.md", ...files("docs").filter((path) => path.endsWith(".md"))])("%s", (page) => {
  test("links to files that are there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|mailto:)([\w-/.]*[./][\w-/.]*)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});

test("CONTRIBUTING.md and docs/glossary.md name files of the core and the workbench that are there", () => {
  const text = read("CONTRIBUTING.md") + read("docs/glossary.md");
  const named = quoted(text).filter((name) => /^[\w/.-]+\.ts$/.test(name) && !/[A-Z]/.test(name));
  expect(named.length).toBeGreaterThan(10);
  const own = ["packages/core", "packages/workbench"].flatMap(files).map((path) => `/${path}`);
  expect(named.filter((name) => !own.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
});

test("the version the code tells is the packages'", () => {
  const versions = ["core", "backlit", "conform", "fleet", "service"].map(
    (name) => JSON.parse(read(`packages/${name}/package.json`)).version,
  );
  expect(new Set(versions)).toEqual(new Set([VERSION]));
});

describe("docs/recipes.md", () => {
  const fields = rows(recipes)
    .filter(([, , third]) => third !== undefined)
    .map(([first]) => quoted(first!));
  const names = new Set(quoted(recipes).flatMap((text) => text.split(", ")));

  test("has every method, composite, seed and start", () => {
    const known = [...METHODS, "auto", ...Object.keys(composites), ...SEEDS, ...STARTS];
    expect(known.filter((name) => !names.has(name))).toEqual([]);
  });

  test("has every field a recipe has when all is filled in, and those it has are read", () => {
    const { recipe } = resolve({ composite: "epsilon" }, { ops: new Set(["Gemm"]), attention: false });
    const written = new Set(fields.flat());
    const { composite: _, recipe: __, params, ...rest } = recipe;
    const all = [...Object.keys(rest), ...Object.keys(params).map((key) => `params.${key}`)];
    expect(all.filter((key) => !written.has(key))).toEqual([]);
    const table = recipes.slice(recipes.indexOf("| field |"), recipes.indexOf("## Matching"));
    const top = rows(table).flatMap(([first]) => quoted(first!).filter((name) => !name.includes(".")));
    expect(top.length).toBeGreaterThan(10);
    expect(parseRecipe(Object.fromEntries(top.map((name) => [name, "x"]))).notices).toEqual([]);
  });
});

test("docs/formulas.md has every rule of layers", () => {
  const formulas = new Set(quoted(read("docs/formulas.md")));
  const linear = Object.values(rules).filter((rule) => rule.groups !== undefined);
  expect(linear.length).toBeGreaterThan(5);
  expect(linear.map(({ name }) => name).filter((name) => !formulas.has(name))).toEqual([]);
});
