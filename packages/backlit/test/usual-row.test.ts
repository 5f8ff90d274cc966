/** What stands in for removed values of a table when nobody chooses: those of a usual row, said by whom, and that maps are judged rightly by it. */
import { writeFileSync } from "node:fs";
import { type EvaluationResult, encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import type { Audit } from "@backlit/workbench";
import { expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const CENTRES = [100, -50, 7, 0.5];
const COUNT = 40;
const layers = "float[4,8] a = random(1), float[8,3] b = random(2)";
const net = (name: string, more: string, first: string) =>
  writeFileSync(
    at(name),
    encodeModelBytes(
      parseModel(
        `g (float[N,4] x) => (float[N,3] y) <${layers}${more}> { ${first} h = MatMul(c, a) r = Relu(h) y = MatMul(r, b) }`,
      ),
    ),
  );
net("scaled.onnx", `, float[4] m = {${CENTRES.join(", ")}}`, "c = Sub(x, m)");
net("plain.onnx", "", "c = Identity(x)");
const noise = (n: number) => Math.sin(12.9898 * (n + 1)) * 1.7;
const rows = (name: string, count: number, more = 0) => {
  const data = Float32Array.from({ length: 4 * count }, (_, i) => CENTRES[i % 4]! + more + noise(i));
  writeFileSync(at(name), writeNpy({ type: "float32", dims: [count, 4], data }));
  return [0, 1, 2, 3].map((column) => data.filter((_, i) => i % 4 === column).reduce((sum, v) => sum + v, 0) / count);
};
const means = rows("rows.npy", COUNT);
rows("others.npy", 8, 3);

const few = ["--workers", "1", "--set", "srg.random-orders=1"];
const evaluated = async (model: string, ...more: string[]) => {
  const { code, out, err } = await backlit("evaluate", at(model), at("rows.npy"), ...few, ...more, "--json");
  expect(code, err).toBe(0);
  return { result: JSON.parse(out) as EvaluationResult, err };
};
const filledBy = ({ settings }: EvaluationResult) => settings.map(({ params }) => String(params.imputer));

test.each<[string, string, readonly string[], readonly number[], RegExp]>([
  ["the model's own scaler", "scaled.onnx", [], CENTRES, /the row that the model's own scaler .* takes to 0/],
  ["the mean given", "plain.onnx", ["--mean", "1,2,3,4"], [1, 2, 3, 4], /the mean given/],
  ["the data", "plain.onnx", [], means, /the means of the data's columns/],
  ["the mean given, whatever the method", "plain.onnx", ["--mean", "5", "--methods", "epsilon"], [5], /the mean given/],
])("%s", async (_, model, more, want, words) => {
  const { result, err } = await evaluated(model, ...(more.includes("--methods") ? [] : ["--methods", "auto,epsilon"]), ...more);
  const [imputer, ...rest] = filledBy(result);
  expect(rest).toEqual([]);
  const values = imputer!
    .replace(/^constant:/, "")
    .split(",")
    .map(Number);
  expect(values).toHaveLength(want.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(want[i]!, 3);
  expect(err).toMatch(words);
});

test("rows of the references, where some are given", async () => {
  const { result, err } = await evaluated("plain.onnx", "--methods", "auto,epsilon", "--references", at("others.npy"));
  expect(filledBy(result)).toEqual(["references"]);
  expect(err).toMatch(/those of a row of the references, drawn anew in each repeat/);
});

test("another choice is kept, and a mean that nothing then reads is refused", async () => {
  const { result, err } = await evaluated("scaled.onnx", "--methods", "epsilon", "--imputer", "zero,mean");
  expect(filledBy(result)).toEqual(["zero", "mean"]);
  expect(err).not.toMatch(/usual row/);
  const argv = ["--methods", "epsilon", "--imputer", "zero", "--mean", "3"];
  const refused = await backlit("evaluate", at("scaled.onnx"), at("rows.npy"), ...few, ...argv);
  expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/--mean is not read/)]);
});

test("on raw columns what auto takes is above random maps, and an audit passes it; judged against 0 it is not", async () => {
  const argv = ["audit", at("scaled.onnx"), at("rows.npy"), "--workers", "1", "--json"];
  const faithful = async (...more: string[]) => {
    const { code, out, err } = await backlit(...argv, ...more);
    expect(code, err).toBe(0);
    return (JSON.parse(out) as Audit).checks.filter(({ id }) => id.startsWith("faithful"));
  };
  expect(await faithful()).toMatchObject([
    { id: "faithful-constant", verdict: "passed", what: expect.stringContaining("constant by column (100, …)") },
  ]);
  expect((await faithful("--imputer", "zero"))[0]!.verdict).not.toBe("passed");
});
