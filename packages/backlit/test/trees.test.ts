/** Exported trees: the values are those that the libraries' own predictions have, enumerated over all subsets of columns. */
import { readFileSync } from "node:fs";
import { type Explainer, type Explanation, type FloatTensor, load, type Tensor } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { root } from "./cli.ts";

type Cell = number | string | null;
interface Case {
  readonly target: number;
  /** Its values are no sum over trees: they only add up. */
  readonly complete?: boolean;
  readonly rows?: readonly (readonly Cell[])[];
  readonly background?: readonly (readonly Cell[])[];
  readonly phi: readonly (readonly number[])[];
  readonly score: readonly number[];
  readonly mean: readonly number[];
}
interface Expected {
  readonly rows: readonly (readonly number[])[];
  readonly background: readonly (readonly number[])[];
  readonly values: Readonly<Record<string, Case>>;
}

const folder = root("packages/backlit/test/data/trees");
const expected: Expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));

const open = async (name: string): Promise<Explainer> =>
  load(new Uint8Array(readFileSync(`${folder}/${name}.onnx`)), { runtime: await nodeRuntime() });

const floats = (rows: readonly (readonly Cell[])[]): FloatTensor => ({
  type: "float32",
  dims: [rows.length, rows[0]!.length],
  data: Float32Array.from(rows.flat(), (cell) => (cell === null ? Number.NaN : Number(cell))),
});

/** A column an input. */
const byColumn = (rows: readonly (readonly Cell[])[], names: readonly string[]): Record<string, Tensor> =>
  Object.fromEntries(
    names.map((name, k): [string, Tensor] => {
      const column = rows.map((row) => [row[k]!]);
      const texts = rows.every((row) => typeof row[k] === "string");
      return [
        name,
        texts ? { type: "string", dims: [rows.length, 1], data: column.map(([cell]) => String(cell)) } : floats(column),
      ];
    }),
  );

const explained = async (name: string): Promise<{ readonly asked: Case; readonly explanation: Explanation }> => {
  await using lit = await open(name);
  const asked = expected.values[name]!;
  const { target, rows = expected.rows, background = expected.background } = asked;
  const names = lit.model.graph.input.map((input) => input.name);
  const given = (all: readonly (readonly Cell[])[]) => (names.length > 1 ? byColumn(all, names) : floats(all));
  return { asked, explanation: await lit.explain(given(rows), { method: "tree-shap", target, references: given(background) }) };
};

/** Of each row one number a column: a category's whole part stands with the one it has. */
const columns = ({ relevances }: Explanation, n: number): number[] =>
  Object.values(relevances).flatMap(({ dims, data }) => {
    const width = data.length / dims[0]!;
    return Array.from(data.subarray(n * width, (n + 1) * width));
  });

describe("φ is that of the library's own predictions", () => {
  const exact = Object.keys(expected.values).filter((name) => !expected.values[name]!.complete && name !== "columns");
  test.each(exact)("%s", async (name) => {
    const { asked, explanation } = await explained(name);
    for (const [n, phi] of asked.phi.entries()) {
      const got = columns(explanation, n);
      for (const [k, value] of phi.entries())
        expect(Math.abs(got[k]! - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(asked.score[n]!)));
      expect(explanation.difference![n]!.score).toBeCloseTo(asked.score[n]!, 4);
      expect(explanation.difference![n]!.reference).toBeCloseTo(asked.mean[n]!, 4);
    }
  });
  test.each(Object.keys(expected.values).filter((name) => expected.values[name]!.complete))("%s: complete", async (name) => {
    const { asked, explanation } = await explained(name);
    for (const n of asked.phi.keys()) {
      const sum = columns(explanation, n).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(asked.score[n]! - asked.mean[n]!, 5);
    }
  });
  test("columns filled in, scaled and one-hot: a raw column is one player, and so is a category", async () => {
    const { asked, explanation } = await explained("columns");
    for (const [n, [a, b, colour, size]] of asked.phi.entries()) {
      const [ownA, ownB, ...categories] = columns(explanation, n);
      expect(ownA).toBeCloseTo(a!, 5);
      expect(ownB).toBeCloseTo(b!, 5);
      // Three colours, then four sizes: one number each is not 0.
      for (const [part, value] of [
        [categories.slice(0, 3), colour!],
        [categories.slice(3), size!],
      ] as const) {
        expect(part.reduce((sum, one) => sum + one, 0)).toBeCloseTo(value, 5);
        expect(part.filter((one) => one !== 0).length).toBeLessThan(2);
      }
    }
  });
  test("what no sum over trees makes is refused with the value before it, which is one", async () => {
    await using lit = await open("adaboost");
    const [x, references] = [floats(expected.rows), floats(expected.background)];
    await expect(lit.explain(x, { method: "tree-shap", references })).rejects.toThrow(/Exp.*--output 'exp_operand'.*shapley/);
    const { relevance, difference } = await lit.explain(x, { method: "tree-shap", references, output: "exp_operand" });
    for (const [n, { score, reference }] of difference!.entries())
      expect(relevance.data.subarray(5 * n, 5 * n + 5).reduce((a, b) => a + b, 0)).toBeCloseTo(score - reference, 5);
  });
});
