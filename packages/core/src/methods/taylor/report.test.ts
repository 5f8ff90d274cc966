/** Deep Taylor looked into: root points of neurons, consistency of maps. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose, sum } from "../../../test/support/compare.ts";
import { explain, floats, model, noise, numbers } from "../../../test/support/run.ts";
import { deepTaylorConsistency, firstLayerRoots, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import { consistencyOf, type Domain, rootPoint } from "./report.ts";

const open = async (text: string) => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
const values = (min: number, max: number) =>
  fc.array(
    fc.integer({ min: min * 8, max: max * 8 }).map((v) => v / 8),
    { minLength: 5, maxLength: 5 },
  );
const five = (v: number) => new Array(5).fill(v);

describe("root points", () => {
  const domains: [string, Domain, readonly [number, number]][] = [
    ["wsquare", { kind: "real" }, [-3, 3]],
    ["zplus", { kind: "nonnegative" }, [0, 3]],
    ["zbox", { kind: "box", low: five(-1), high: five(2) }, [-1, 2]],
  ];

  test.each(domains)("%s: f vanishes, the root lies in the domain, relevance adds up to f", (_, domain, [low, high]) => {
    fc.assert(
      fc.property(values(low, high), values(-2, 2), fc.integer({ min: -8, max: 0 }), (x, w, b) => {
        const at = rootPoint(x, w, b / 8, domain);
        if (at.z <= 0) {
          expect(at.distance + Math.abs(sum(at.relevance))).toBe(0);
          return;
        }
        // The corner of a box may have a positive f: then its line has its root beyond.
        const corner = domain.kind === "box" ? sum(w.map((v) => (v > 0 ? -v : 2 * v))) + b / 8 : 0;
        expect(at.found).toBe(true);
        expect(at.atRoot).toBeCloseTo(0, 8);
        expect(sum(w.map((v, i) => v * at.root[i]!)) + b / 8).toBeCloseTo(0, 4);
        expect(sum(at.relevance)).toBeCloseTo(at.z, 4);
        if (corner <= 0) expect(at.inside).toBe(true);
        if (corner <= 0) expect(Math.min(...at.relevance)).toBeGreaterThanOrEqual(0);
        expect(at.distance).toBeCloseTo(Math.hypot(...x.map((v, i) => v - at.root[i]!)), 4);
      }),
    );
  });

  test("w² takes the nearest root", () => {
    const at = rootPoint([1, 2], [3, 4], -1, { kind: "real" });
    expect(at.distance).toBeCloseTo(10 / 5, 12);
    expectClose([...at.root], [1 - (3 * 10) / 25, 2 - (4 * 10) / 25], 1e-6);
  });

  test("a positive bias may leave the domain, or have no root on the line; both are said", () => {
    expect(rootPoint([1, 1], [1, -1], 2, { kind: "nonnegative" })).toMatchObject({ found: true, inside: false });
    expect(rootPoint([1, 1], [-1, -1], 3, { kind: "nonnegative" })).toMatchObject({ found: false, distance: 0, atRoot: 1 });
  });
});

describe("of a model", () => {
  const CONV = `net (float[N,2,4,4] x) => (float[N,3] y) <float[4,2,3,3] w = random(1), float[4] b = {-0.1,-0.2,0,-0.1}, float[4,3] v = random(2)>
    { a = Conv <pads=[1,1,1,1]> (x, w, b) h = Relu(a) p = GlobalAveragePool(h) f = Flatten(p) y = MatMul(f, v) }`;

  test("first-layer neurons, at the border too, are those of the rule", async () => {
    await using lit = await open(CONV);
    const x = noise([2, 2, 4, 4], 5);
    for (const [options, name, rule] of [
      [{}, "wsquare", { name: "wsquare" }],
      [{ low: [-1, -2], high: [1, 2] }, "zbox", { name: "zbox", low: [-1, -2], high: [1, 2] }],
    ] as const) {
      const report = await firstLayerRoots(
        lit,
        x,
        [
          [0, 0, 0],
          [3, 1, 2],
        ],
        options,
      );
      expect(report.rule.name).toBe(name);
      expect(report.why).toMatch(/its input is/);
      expect(report.neurons.map(({ sample, neuron }) => [sample, ...neuron])).toEqual([
        [0, 0, 0, 0],
        [0, 3, 1, 2],
        [1, 0, 0, 0],
        [1, 3, 1, 2],
      ]);
      expect(report.neurons.some(({ z }) => z > 0)).toBe(true);
      for (const { sample, neuron, z, relevance, inside, atRoot } of report.neurons) {
        if (z <= 0) continue;
        expect(inside && Math.abs(atRoot) < 1e-5).toBe(true);
        // The same neuron's relevance, handed back by the rule without its bias: in proportion.
        const seed = new Float32Array(2 * 64);
        seed[sample * 64 + neuron[0]! * 16 + neuron[1]! * 4 + neuron[2]!] = z;
        const layer =
          "net (float[N,2,4,4] x) => (float[N,4,4,4] a) <float[4,2,3,3] w = random(1)> { a = Conv <pads=[1,1,1,1]> (x, w) }";
        const recipe = { rules: [{ match: {}, rule }], seed: "vector" as const };
        const back = await explain(layer, { x }, { recipe }, { seed: floats([2, 4, 4, 4], seed) });
        expectClose([...relevance], back.relevance.slice(sample * 32, sample * 32 + 32), 1e-4);
      }
    }
  });

  test("behind a ReLU the domain is what is not negative", async () => {
    await using lit = await open(
      CONV.replace("Conv <pads=[1,1,1,1]> (x,", "Conv <pads=[1,1,1,1]> (r,").replace("{ a =", "{ r = Relu(x) a ="),
    );
    const report = await firstLayerRoots(lit, noise([1, 2, 4, 4], 5), [
      [2, 1, 1],
      [0, 2, 2],
    ]);
    expect(report.rule.name).toBe("zplus");
    for (const { inside, root } of report.neurons) expect(inside && root.every((v) => v >= -1e-6)).toBe(true);
  });

  test("consistency: Deep Taylor of a positive network is; gradients are not", async () => {
    const positive = `net (float[N,4] x) => (float[N,2] y) <float[4,6] w = random(1), float[6,2] v = {${Array.from({ length: 12 }, (_, i) => 0.1 + i / 20)}}>
      { a = MatMul(x, w) h = Relu(a) y = MatMul(h, v) }`;
    await using lit = await open(positive);
    const x = noise([5, 4], 3);
    const report = await deepTaylorConsistency(lit, x, { target: 1, low: -1, high: 1 });
    expect(report).toMatchObject({ conservative: true, positive: true, consistent: true });
    const { relevance, output } = await lit.explain(x, { method: "gradient-x-input", target: 1 });
    const scores = numbers(output).filter((_, i) => i % 2 === 1);
    report.samples.forEach(({ score }, n) => {
      expect(score).toBeCloseTo(scores[n]!, 5);
    });
    const other = consistencyOf(relevance as never, scores);
    expect(other).toMatchObject({ conservative: true, positive: false, consistent: false }); // homogeneous, hence conservative
    expect(other.positivity).toBeLessThan(0.999);
    expect(consistencyOf(floats([1, 2], [3, -1]) as never, [4])).toMatchObject({
      gap: 0.5,
      positivity: 0.75,
      conservative: false,
    });
  });
});
