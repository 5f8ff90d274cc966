/** Small ensembles of eight kinds: the values are those of shap.TreeExplainer, interventional (data/ensembles/make.py). */
import { readFileSync } from "node:fs";
import { type FloatTensor, load } from "@backlit/core";
import { expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { root } from "./cli.ts";

interface Expected {
  readonly rows: readonly (readonly number[])[];
  readonly background: readonly (readonly number[])[];
  readonly values: Readonly<Record<string, { readonly target: number; readonly phi: readonly (readonly number[])[] }>>;
}

const folder = root("packages/backlit/test/data/ensembles");
const { rows, background, values }: Expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));
const floats = (all: readonly (readonly number[])[]): FloatTensor => ({
  type: "float32",
  dims: [all.length, all[0]!.length],
  data: Float32Array.from(all.flat()),
});

test.each(Object.keys(values))("%s", async (name) => {
  await using lit = await load(new Uint8Array(readFileSync(`${folder}/${name}.onnx`)), { runtime: await nodeRuntime() });
  const { target, phi } = values[name]!;
  // Of an isolation forest the mean path length, of which the score is made.
  const waist = lit.inspect({ method: "tree-shap" }).plan.trees?.waist;
  const asked = {
    method: "tree-shap",
    references: floats(background),
    ...(waist === undefined ? { target } : { output: waist }),
  };
  const { relevance } = await lit.explain(floats(rows), asked);
  const largest = Math.max(...phi.flat().map(Math.abs));
  for (const [k, value] of phi.flat().entries()) expect(Math.abs(relevance.data[k]! - value)).toBeLessThan(1e-6 * largest);
});

test("many rows go in pieces, the first of which is small, so that rows a second are said soon; values are the same", async () => {
  const name = "forest-deep";
  await using lit = await load(new Uint8Array(readFileSync(`${folder}/${name}.onnx`)), { runtime: await nodeRuntime() });
  const { target, phi } = values[name]!;
  const times = (all: readonly (readonly number[])[], count: number) =>
    floats(Array.from({ length: count * all.length }, (_, n) => all[n % all.length]!));
  const heard: (readonly [number, number])[] = [];
  const [copies, behind] = [Math.ceil(500 / rows.length), Math.ceil(1500 / background.length)];
  const { relevance } = await lit.explain(times(rows, copies), {
    ...{ method: "tree-shap", target, references: times(background, behind) },
    onRows: (...at) => heard.push(at),
  });
  const total = copies * rows.length;
  expect(heard[0]).toEqual([16, total]);
  expect(heard.at(-1)).toEqual([total, total]);
  expect(heard.length).toBeGreaterThan(2);
  const want = phi.flat();
  const largest = Math.max(...want.map(Math.abs));
  for (const [k, value] of relevance.data.entries())
    expect(Math.abs(value - want[k % want.length]!)).toBeLessThan(2e-6 * largest);
});
