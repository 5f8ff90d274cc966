/**
 * Why A, and why B: the units that matter most to the explained score, by taking each away, have relevance of the sign of what they do,
 * for either class.
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { type ExplainOptions, load } from "../../src/explain/index.ts";
import { readNpy } from "../../src/input/index.ts";
import { loadText } from "../support/load.ts";
import { type Agreement, agreement, total } from "../support/occlusion.ts";
import { floats, noise, numbers } from "../support/run.ts";

const root = (path: string) => readFileSync(new URL(`../../../../${path}`, import.meta.url));
const open = async (name: string, options = {}) =>
  load(root(`models/${name}/model.onnx`), { runtime: await nodeRuntime(), ...options });

const told = (what: string, byClass: Readonly<Record<string, readonly Agreement[]>>, least: number) => {
  for (const [which, all] of Object.entries(byClass)) {
    const { large, agree } = total(all);
    console.log(`${what}, why ${which}: ${agree} of ${large} units (${((100 * agree) / large).toFixed(1)} %)`);
    expect(large, what).toBeGreaterThanOrEqual(all.length);
    expect(agree / large, `${what}, why ${which}`).toBeGreaterThanOrEqual(least);
  }
};

describe("twenty digits", () => {
  const pixels = numbers(readNpy(root("data/digits/images.npy")));
  test.each([["digits"], ["digits-mlp"]])("%s", async (name) => {
    await using lit = await open(name, { box: { low: 0, high: 1 } });
    const byClass: Record<string, Agreement[]> = { winner: [], "runner-up": [] };
    for (let n = 0; n < 1000; n += 50) {
      const x = floats(
        [1, 1, 28, 28],
        pixels.slice(784 * n, 784 * (n + 1)).map((v) => v / 255),
      );
      const z = numbers((await lit.explain(x)).output);
      const order = [...z.keys()].sort((a, b) => z[b]! - z[a]!);
      for (const [k, all] of Object.values(byClass).entries())
        all.push(await agreement(lit, { feeds: { input: x }, target: order[k]!, unitOf: (i) => i }));
    }
    told(`${name}, pixels`, byClass, 0.9);
  });
});

describe("tables", () => {
  const linear =
    "net (float[N,8] x) => (float[N,3] logits) <float[8,3] w = random(1), float[3] b = random(2)> { logits = Gemm(x, w, b) }";
  const dense = `net (float[N,8] x) => (float[N,3] logits) <float[8,16] a = random(3), float[16] c = random(4), float[16,3] w = random(5)> {
    z = Gemm(x, a, c) h = Relu(z) logits = MatMul(h, w) }`;
  const references = noise([1, 8], 50, 2);
  const own = numbers(references);
  test.each<[string, string, number, ExplainOptions, readonly number[] | undefined]>([
    ["a linear model", linear, 1, {}, undefined],
    ["a linear model, DeepLIFT", linear, 1, { method: "deeplift" }, undefined],
    ["a linear model, DeepSHAP", linear, 1, { method: "deep-shap", references }, own],
    ["a dense net", dense, 0.9, {}, undefined],
    ["a dense net, DeepLIFT", dense, 0.9, { method: "deeplift" }, undefined],
    ["a dense net, DeepSHAP", dense, 0.9, { method: "deep-shap", references }, own],
  ])("%s", async (what, text, least, options, reference) => {
    await using lit = await loadText(text);
    const byClass: Record<string, Agreement[]> = { A: [], B: [] };
    for (let n = 0; n < 20; n++)
      for (const [target, all] of Object.values(byClass).entries()) {
        const feeds = { x: noise([1, 8], 100 + n, 4) };
        all.push(await agreement(lit, { feeds, target, unitOf: (i) => i, options, ...(reference && { reference }) }));
      }
    told(what, byClass, least);
  });
});
