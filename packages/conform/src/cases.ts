/** Conformance cases on disk: a folder with case.json, a suite of those, or a folder of suites (conformance/FORMAT.md). */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@backlit/core";
import { type MetricsCase, metricsCase } from "./metrics/case.ts";

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
  readonly format: "golden/1";
  readonly dir: string;
  readonly name: string;
  readonly model: string;
  /** What a suite with keys of its own asks. */
  readonly kind?: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly output?: string;
  readonly forward?: string;
  readonly forward_noise?: number;
  readonly expected: readonly Expectation[];
}

/** A case of a format backlit does not read. */
interface StrangeCase {
  readonly format: undefined;
  readonly name: string;
  readonly reason: string;
}

export type AnyCase = Case | MetricsCase | StrangeCase;

/** Errors: NotFound; BadInput, where a case.json cannot be read. */
export const findCases = async (dir: string): Promise<readonly AnyCase[]> => {
  const info = await stat(dir).catch(() => undefined);
  if (!info?.isDirectory()) throw fail("NotFound", { what: "no such folder of conformance cases", where: dir });
  const found = await search(dir, 3);
  if (found.length === 0)
    throw fail("NotFound", { what: "no case.json here", where: dir, fix: "give a case, a suite, or a folder of suites" });
  return found;
};

const search = async (dir: string, depth: number): Promise<AnyCase[]> => {
  const entries = await readdir(dir, { withFileTypes: true });
  if (entries.some((entry) => entry.name === "case.json")) {
    return [await readCase(dir)];
  }
  if (depth === 0) return [];
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return (await Promise.all(folders.map((name) => search(join(dir, name), depth - 1)))).flat();
};

const readCase = async (dir: string): Promise<AnyCase> => {
  const path = join(dir, "case.json");
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw fail("BadInput", { what: "case.json is not JSON", where: path, why: (cause as Error).message }, cause);
  }
  const name = dir.split(/[\\/]/).slice(-2).join("/");
  if (json.format === "golden-metrics/1") return metricsCase(dir, name, json);
  if (json.format !== "golden/1") return { format: undefined, name, reason: `format ${JSON.stringify(json.format)}` };
  const {
    expected = [],
    loose = [],
    model = "model.onnx",
    inputs = {},
    ...rest
  } = json as unknown as Case & { loose?: readonly Expectation[] };
  return { ...rest, dir, name, model: join(dir, model), inputs, expected: [...expected, ...loose] };
};
