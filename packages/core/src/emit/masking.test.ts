import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../test/support/compare.ts";
import { explain, floats, noise, numbers } from "../../test/support/run.ts";

/** Two convolutions with a skip around the second: half of the relevance goes past `c`. */
const text = `net (float[N,2,4,4] x) => (float[N,3] y) <float[3,2,3,3] v = random(1), float[3,3,3,3] w = random(2), float[48,3] o = random(3)>
{ a = Conv <pads=[1,1,1,1]> (x, v) r = Relu(a) c = Conv <pads=[1,1,1,1]> (r, w) s = Add(c, r) t = Relu(s) f = Flatten(t) y = MatMul(f, o) }`;
const x = noise([2, 2, 4, 4], 4, 4);
const recipe = { composite: { name: "epsilon" }, seed: "logit" } as const;
const target = { kind: "index", index: [1] } as const;

const masked = async (value: string, mask: readonly number[], options: object = {}) => {
  const { compiled, out, relevance } = await explain(
    text,
    { x, [`mask@${value}`]: floats([2, 3], [...mask, ...mask]) },
    { recipe, target, masks: [{ value }], ...options },
  );
  return { compiled, out, relevance };
};
const plus = (...maps: readonly number[][]) => maps[0]!.map((_, i) => maps.reduce((total, map) => total + map[i]!, 0));
const minus = (a: readonly number[], b: readonly number[]) => a.map((v, i) => v - b[i]!);

describe("masks", () => {
  test("a mask of ones changes nothing; one of zeros leaves what goes past", async () => {
    const { relevance } = await explain(text, { x }, { recipe, target });
    expectClose((await masked("c", [1, 1, 1])).relevance, relevance);
    const [past, none] = [await masked("c", [0, 0, 0]), await masked("c", [0, 0, 0], { only: true })];
    expect(sum(past.relevance.map(Math.abs))).toBeGreaterThan(1e-3);
    expect(none.relevance.every((v) => v === 0)).toBe(true);
  });

  test("with only, single channels add up to what arrives through the value", async () => {
    const all = (await masked("c", [1, 1, 1], { only: true })).relevance;
    const single = await Promise.all(
      [0, 1, 2].map((k) =>
        masked(
          "c",
          [0, 1, 2].map((c) => (c === k ? 1 : 0)),
          { only: true },
        ),
      ),
    );
    expectClose(plus(...single.map(({ relevance }) => relevance)), all);
    const { relevance } = await explain(text, { x }, { recipe, target });
    const weighed = await masked("c", [0.25, 0.5, 0], { only: true });
    expectClose(weighed.relevance, plus(...[0.25, 0.5].map((m, k) => single[k]!.relevance.map((v) => m * v))));
    // Every path passes a: with and without only, it is the whole map.
    expectClose((await masked("a", [1, 1, 1], { only: true })).relevance, relevance);
  });

  test("keep is the whole map less only of the complement", async () => {
    const { relevance } = await explain(text, { x }, { recipe, target });
    const keep = await masked("c", [0, 1, 0]);
    const complement = await masked("c", [1, 0, 1], { only: true });
    expectClose(keep.relevance, minus(relevance, complement.relevance));
  });

  test("a mask at a layer and at its activation is the same; relevance read there is masked", async () => {
    const at = await masked("a", [0, 1, 0], { layers: ["a"] });
    expectClose(at.relevance, (await masked("r", [0, 1, 0])).relevance);
    const layer = numbers(at.out["relevance@a"]);
    expect(layer.filter((v, i) => v !== 0 && Math.floor(i / 16) % 3 !== 1)).toEqual([]);
  });

  test("one factor an element", async () => {
    const mask = floats(
      [2, 3, 4, 4],
      Array.from({ length: 96 }, (_, i) => (i % 48 === 21 ? 1 : 0)),
    );
    const { out, compiled } = await explain(
      text,
      { x, "mask@a": mask },
      { recipe, target, masks: [{ value: "a", positions: true }], layers: ["a"] },
    );
    expect(compiled.names.masks).toEqual({ a: "mask@a" });
    expect(numbers(out["relevance@a"]).flatMap((v, i) => (v === 0 ? [] : [i % 48]))).toEqual([21, 21]);
  });

  test("from a head that takes the seed's direction, logits may be masked", async () => {
    const direct = { rules: [{ match: { head: true }, rule: { name: "epsilon" } }], seed: "log-odds", start: "direct" } as const;
    const whole = await explain(text, { x }, { recipe: direct, target });
    const parts = await Promise.all(
      [0, 1, 2].map((k) =>
        explain(
          text,
          {
            x,
            "mask@y": floats(
              [2, 3],
              [0, 1, 2, 0, 1, 2].map((c) => (c === k ? 1 : 0)),
            ),
          },
          { recipe: direct, target, masks: [{ value: "y" }] },
        ),
      ),
    );
    expectClose(plus(...parts.map(({ relevance }) => relevance)), whole.relevance);
  });

  test("what cannot be masked is refused", async () => {
    const feeds = { x };
    for (const [masks, message] of [
      [[{ value: "nothing" }], /no value 'nothing'/],
      [[{ value: "a", axis: 0 }], /it counts the samples/],
      [[{ value: "a", axis: 7 }], /the value has 4 axes/],
      [[{ value: "v", axis: 1 }], /'v' is a constant/],
    ] as const)
      await expect(explain(text, feeds, { recipe, target, masks })).rejects.toThrow(message);
    await expect(explain(text, feeds, { recipe: { method: "deeplift" }, target, masks: [{ value: "a" }] })).rejects.toThrow(
      /mask/,
    );
    await expect(explain(text, feeds, { recipe, target, only: true })).rejects.toThrow(/only without a mask/);
  });
});

test("channel scores: sums and maxima of relevance and activation, and where the maxima are", async () => {
  const { out } = await explain(text, { x }, { recipe, target, layers: ["a"], channels: [{ value: "a" }] });
  expect(out["channels@a"]?.dims).toEqual([2, 3, 4]);
  const relevance = numbers(out["relevance@a"]);
  const row = relevance.slice(16, 32); // channel 1 of the first sample
  const [total, largest] = numbers(out["channels@a"]).slice(4, 6) as [number, number];
  expect(total).toBeCloseTo(sum(row), 4);
  expect(largest).toBe(Math.max(...row));
  expect(numbers(out["positions@a"])[2]).toBe(row.indexOf(Math.max(...row)));
});
