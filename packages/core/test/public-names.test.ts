/**
 * The names each door of each package offers: a name comes or goes only on purpose (`npm run docs:names`, and a changeset).
 * A star marks types.
 */
import { basename, dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { files, read, root } from "./sources.ts";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | { readonly types?: string }>>;
}

const packages = files("packages")
  .filter((path) => /^packages\/[^/]+\/package\.json$/.test(path))
  .map((path) => ({ folder: dirname(path), ...(JSON.parse(read(path)) as Manifest) }))
  .filter((manifest) => !manifest.private);

/** The doors of a package that have types: "." and its source file. Doors without types are programs, nobody imports names of them. */
const doorsOf = ({ folder, exports = {} }: (typeof packages)[number]) =>
  Object.entries(exports).flatMap(([door, target]) => {
    const types = typeof target === "string" ? undefined : target.types;
    return types === undefined ? [] : [{ door, path: join(folder, types.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts")) }];
  });

const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
const program = ts.createProgram(
  packages.flatMap(doorsOf).map(({ path }) => join(root, path)),
  options,
);
const checker = program.getTypeChecker();

/** What `import { … } from` may name, sorted; `*` behind what is a type only. */
const namesOf = (path: string): string[] => {
  const source = program.getSourceFile(join(root, path));
  if (source === undefined) throw new Error(`${path} is not there, but a package.json names it`);
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!);
  return symbols
    .map((symbol) => {
      const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return `${symbol.name}${flags & ts.SymbolFlags.Value ? "" : "*"}`;
    })
    .sort((a, b) => (a < b ? -1 : 1));
};

describe("public names", () => {
  test.each(packages)("of $name are those on file", async (manifest) => {
    const text = doorsOf(manifest)
      .map(({ door, path }) => [`## ${manifest.name}${door.slice(1)}`, ...namesOf(path), ""].join("\n"))
      .join("\n");
    await expect(text).toMatchFileSnapshot(`public-names/${basename(manifest.folder)}.txt`);
  });

  test("the check tells types from values and looks through re-exports", () => {
    const names = namesOf("packages/core/src/index.ts");
    expect(names).toEqual(expect.arrayContaining(["load", "parseModel", "BacklitError", "Explanation*", "FloatTensor*"]));
    expect(new Set(names).size).toBe(names.length);
    expect(() => namesOf("packages/core/src/attic.ts")).toThrow("attic.ts is not there");
  });
});
