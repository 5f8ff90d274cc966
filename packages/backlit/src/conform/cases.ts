/** Conformance cases on disk: a folder with case.json, a suite of those, or a folder of suites (conformance/FORMAT.md). */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@backlit/core";

export interface Expectation {
  readonly id: string;
  readonly method: string;
  readonly seed: string;
  readonly seed_file?: string;
  readonly targets: readonly (number | readonly number[])[] | null;
  /** The graph input the relevance belongs to, or `tensor`: a value inside. */
  readonly input?: string;
  readonly tensor?: string;
  readonly file: string;
  readonly tolerance: number;
  readonly [key: string]: unknown;
}

export interface Case {
  readonly dir: string;
  readonly name: string;
  readonly model: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly forward?: string;
  readonly forward_noise?: number;
  readonly expected: readonly Expectation[];
}

export const findCases = async (dir: string): Promise<readonly Case[]> => {
  const info = await stat(dir).catch(() => undefined);
  if (!info?.isDirectory()) throw fail("NotFound", { what: "no such folder of conformance cases", where: dir });
  const found = await search(dir, 3);
  if (found.length === 0)
    throw fail("NotFound", { what: "no case.json here", where: dir, fix: "give a case, a suite, or a folder of suites" });
  return found;
};

const search = async (dir: string, depth: number): Promise<Case[]> => {
  const entries = await readdir(dir, { withFileTypes: true });
  if (entries.some((entry) => entry.name === "case.json")) {
    const found = await readCase(dir);
    return found === undefined ? [] : [found];
  }
  if (depth === 0) return [];
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return (await Promise.all(folders.map((name) => search(join(dir, name), depth - 1)))).flat();
};

const readCase = async (dir: string): Promise<Case | undefined> => {
  const path = join(dir, "case.json");
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw fail("BadInput", { what: "case.json is not JSON", where: path, why: (cause as Error).message }, cause);
  }
  if (json.format !== "golden/1") return undefined;
  const {
    expected = [],
    loose = [],
    model = "model.onnx",
    inputs = {},
    ...rest
  } = json as unknown as Case & { loose?: readonly Expectation[] };
  return {
    ...rest,
    dir,
    name: dir.split(/[\\/]/).slice(-2).join("/"),
    model: join(dir, model),
    inputs,
    expected: [...expected, ...loose],
  };
};
