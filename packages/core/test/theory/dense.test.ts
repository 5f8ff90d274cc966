/**
 * Every linear rule against textbook formulas on the layer's dense matrix (support/dense.ts), on signed and on non-negative
 * inputs, alone and below a ReLU or ReLU6: what the emitter prunes by signs must leave the numbers alone.
 *
 *   x → [Relu] → layer → z → [Relu | Clip(0, 6)] → dense layer by α2β1 → seed
 */
import { describe, expect, test } from "vitest";
import { randomValues } from "../../src/onnx/parse-tensors.ts";
import type { RuleSpec } from "../../src/rules/index.ts";
import { expectClose, relativeError } from "../support/compare.ts";
import { type Dense, denseRule, forward } from "../support/dense.ts";
import { addedLayers, denseOf, type Layer, layerText, linearLayers, NAMES, size, sumLayers } from "../support/layers.ts";
import { explain, type Feeds, noise, numbers, traced } from "../support/run.ts";

const TOP: RuleSpec = { name: "alpha-beta", alpha: 2, beta: 1 };
const CLASSES = 3;
/** Rules whose terms the emitter prunes by signs: in every setting. */
const signed: readonly RuleSpec[] = [
  { name: "epsilon", epsilon: 1e-6 },
  { name: "zplus" },
  { name: "alpha-beta", alpha: 2, beta: 1 },
  { name: "gamma", gamma: 0.25 },
];

/** All rules, with and without biases: in half of the settings, time is short. */
const allRules = (layer: Layer): readonly RuleSpec[] => {
  const channels = layer.inputs[0]![inputsFirst(layer) ? 0 : 1]!;
  const perChannel = (from: number, step: number) => Array.from({ length: channels }, (_, c) => from + step * c);
  const plain: readonly RuleSpec[] = [
    ...signed,
    { name: "epsilon", epsilon: 0.3 },
    { name: "norm" },
    { name: "zbox", low: -4, high: 4 },
    { name: "zbox", low: perChannel(-4, -1), high: perChannel(5, 0.5) },
    { name: "wsquare" },
    { name: "flat" },
  ];
  if (layer.bias === undefined) return plain;
  const biased = plain.filter(({ name, low }) => !["norm", "flat"].includes(name) && typeof low !== "number");
  return [...plain, ...biased.map((rule) => ({ ...rule, zero_params: "bias" as const }))];
};

const sumRules: readonly RuleSpec[] = [
  { name: "norm" },
  { name: "epsilon", epsilon: 0.3 },
  { name: "zplus" },
  { name: "alpha-beta", alpha: 2, beta: 1 },
  { name: "gamma", gamma: 0.25 },
];

const ACTIVATIONS = { none: "h = Identity(z)", relu: "h = Relu(z)", relu6: "h = Clip(z, zero, six)" } as const;
type After = keyof typeof ACTIVATIONS;
const activate: Record<After, (v: number) => number> = {
  none: (v) => v,
  relu: (v) => Math.max(v, 0),
  relu6: (v) => Math.min(Math.max(v, 0), 6),
};

/** The net around a layer. Its top is a Gemm on the flattened map. */
const netText = (layer: Layer, nonnegative: boolean, after: After) => {
  const flat = size(layer.out);
  return layerText(layer, true, {
    before: layer.inputs.map((_, k) => `${NAMES[k]} = ${nonnegative ? "Relu" : "Identity"}(${NAMES[k]}_in)`).join(" "),
    after: `${ACTIVATIONS[after]} flat = Reshape(h, row) [top] y = Gemm(flat, wtop)`,
    held: `int64[2] row = {1,-1}, float[${flat},${CLASSES}] wtop = random(99), float zero = {0}, float six = {6}`,
  });
};

const check = async (
  layer: Layer,
  dense: Dense,
  specs: readonly RuleSpec[],
  nonnegative: boolean,
  after: After,
  match: object,
) => {
  const feeds: Feeds = Object.fromEntries(layer.inputs.map((dims, k) => [`${NAMES[k]}_in`, noise(dims, 40 + k, 8)]));
  const x = layer.inputs.flatMap((_, k) => numbers(feeds[`${NAMES[k]}_in`])).map((v) => (nonnegative ? Math.max(v, 0) : v));
  const flat = size(layer.out);
  const weights = randomValues(99, flat * CLASSES);
  const top: Dense = {
    w: Array.from({ length: flat }, (_, i) => Array.from(weights.subarray(i * CLASSES, (i + 1) * CLASSES))),
    b: Array.from({ length: CLASSES }, () => 0),
  };
  const seed = noise([1, CLASSES], 50);
  const h = forward(dense, x).map(activate[after]);
  const r = denseRule(TOP, top, h, numbers(seed));
  const text = netText(layer, nonnegative, after);
  const facts = await traced(text);
  const spread = (bound: unknown) => (Array.isArray(bound) ? perInput(layer, bound) : bound);
  for (const rule of specs) {
    const label = `${layer.name}, ${nonnegative ? "x ≥ 0" : "any x"}, ${after}, ${JSON.stringify(rule)}:`;
    const oracle = "low" in rule ? { ...rule, low: spread(rule.low), high: spread(rule.high) } : rule;
    const want = denseRule(oracle, dense, x, r);
    const shaken = denseRule(oracle, dense, x, r, (j) => (j % 2 ? 1 : -1) * 1.2e-7);
    const tolerance = Math.max(1e-5, 10 * relativeError(shaken, want));
    expect(tolerance, `${label} ill-conditioned`).toBeLessThan(1e-2);
    const { compiled, out } = await explain(
      text,
      feeds,
      {
        recipe: {
          rules: [
            { match: { name: "top" }, rule: TOP },
            { match, rule },
          ],
          seed: "vector",
        },
        facts,
      },
      { seed },
    );
    const got = layer.inputs.flatMap((_, k) => numbers(out[compiled.names.relevance[`${NAMES[k]}_in`]!]));
    expectClose(got, want, tolerance, label);
  }
};

/** The inputs of these lie along axis 0. */
const inputsFirst = ({ name }: Layer): boolean => /transA|left 2-d/.test(name);

/** One bound per channel, axis 1, for every value of the input. */
const perInput = (layer: Layer, bound: readonly number[]): number[] => {
  const [n, c, ...rest] = layer.inputs[0] as [number, number, ...number[]];
  if (inputsFirst(layer)) return bound.flatMap((v) => Array.from({ length: c }, () => v));
  return Array.from({ length: n }, () => bound.flatMap((v) => Array.from({ length: size(rest) }, () => v))).flat();
};

describe.each([...linearLayers, ...addedLayers].map((layer) => [layer.name, layer] as const))("%s", (_, layer) => {
  test.each([
    [false, "none", allRules(layer)],
    [false, "relu", signed],
    [true, "relu", allRules(layer)],
    [true, "relu6", signed],
  ] as const)("x ≥ 0: %s, then %s", async (nonnegative, after, rules) => {
    await check(layer, await denseOf(layer), rules, nonnegative, after, {});
  });
});

describe.each(sumLayers.map((layer) => [layer.name, layer] as const))("%s", (_, layer) => {
  test.each([
    [false, "none"],
    [true, "none"],
    [true, "relu"],
  ] as const)("x ≥ 0: %s, then %s", async (nonnegative, after) => {
    await check(layer, await denseOf(layer), layer.name === "sub" ? sumRules.slice(0, 2) : sumRules, nonnegative, after, {
      kind: "sum",
    });
  });
});

test("windows laid over each other share what their sum gets", async () => {
  const text = `<ir_version: 8, opset_import: ["" : 18]> net (float[1,4,2] x) => (float[] y) <int64[1] size = {5}, int64[1] block = {4}> { c = Col2Im(x, size, block) y = Identity(c) }`;
  const x = noise([1, 4, 2], 3, 4);
  const seed = noise([1, 1, 5], 4);
  const { relevance } = await explain(text, { x }, { recipe: { composite: "epsilon", seed: "vector" } }, { seed });
  // column l, row k lies at place l + k
  const w = Array.from({ length: 8 }, (_, i) => Array.from({ length: 5 }, (_, p) => (Math.floor(i / 2) + (i % 2) === p ? 1 : 0)));
  expectClose(relevance, denseRule({ name: "norm" }, { w, b: [0, 0, 0, 0, 0] }, numbers(x), numbers(seed)));
});
