/** Clusters, densities and kernel machines as networks: their relevance is that of the formulas in float64 (data/neuralised/make.py). */
import { readFileSync } from "node:fs";
import { load, type Tensor } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { root } from "./cli.ts";

const folder = root("packages/backlit/test/data/neuralised");
interface Value {
  readonly relevance: readonly number[];
  readonly score: number;
}
const { rows, values }: { rows: number[][]; values: Record<string, Value[]> } = JSON.parse(
  readFileSync(`${folder}/expected.json`, "utf8"),
);
const x: Tensor = { type: "float32", dims: [rows.length, 4], data: Float32Array.from(rows.flat()) };
const open = async (path: string) => load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime() });

describe("neuralised", () => {
  test.each([
    ["k-means", "k-means", {}],
    ["k-means-soft", "k-means", { params: { beta: 0.5 } }],
    ["one-class", "one-class", {}],
    ["rbf-svc", "rbf-svc", { target: 0 }], // the exporter puts f, positive for the second class, first
    ["density", "density", {}],
  ])("%s", async (name, file, asked) => {
    await using lit = await open(`${folder}/${file}.onnx`);
    const { relevance, difference } = await lit.explain(x, { method: "neuralised", ...asked });
    for (const [n, { relevance: wanted, score }] of values[name]!.entries()) {
      const largest = Math.max(...wanted.map(Math.abs));
      const got = Array.from(relevance.data.subarray(4 * n, 4 * n + 4));
      for (const [d, value] of wanted.entries()) expect(Math.abs(got[d]! - value)).toBeLessThan(1e-6 * largest);
      expect(Math.abs(difference![n]!.score - score)).toBeLessThan(1e-6 * Math.max(1, Math.abs(score)));
      expect(Math.abs(got.reduce((a, b) => a + b, 0) - score)).toBeLessThan(4e-6 * largest);
    }
  });

  test("A minus B of two clusters is their own contest", async () => {
    await using lit = await open(`${folder}/k-means.onnx`);
    const by = (target: string) => lit.explain(x, { method: "neuralised", target });
    const [one, other] = [await by("0 minus 2"), await by("2 minus 0")];
    for (const [k, value] of one.relevance.data.entries()) expect(value).toBeCloseTo(-other.relevance.data[k]!, 5);
  });

  test("what has neither kernels nor centres is refused", async () => {
    await using lit = await open(root("packages/backlit/test/data/scikit-learn/logistic.onnx"));
    const refused = { _tag: "Unsupported", message: /no distances from centres/ };
    await expect(lit.explain(x, { method: "neuralised" })).rejects.toMatchObject(refused);
  });
});
