import { beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { model, noise, numbers } from "../../../test/support/run.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { type Explainer, load } from "../explainer.ts";

const netOf = (
  batch: string,
) => `net (float[${batch},2,4,4] x) => (float[${batch},3] y) <float[3,2,3,3] v = random(1), float[3,3,3,3] w = random(2), float[48,3] o = random(3)>
{ a = Conv <pads=[1,1,1,1]> (x, v) r = Relu(a) c = Conv <pads=[1,1,1,1]> (r, w) s = Add(c, r) t = Relu(s) f = Flatten(t) y = MatMul(f, o) }`;
const x = noise([2, 2, 4, 4], 4, 4);
const epsilon = { composite: "epsilon", seed: "logit", target: 1 } as const;
const open = async (batch: string) => load(encodeModelBytes(model(netOf(batch))), { runtime: await nodeRuntime() });

let lit: Explainer;
beforeAll(async () => {
  lit = await open("N");
  return () => lit.release();
});

describe("conditions", () => {
  test("one for all samples, one for each, several for every sample", async () => {
    const of = async (channel: number) => numbers((await lit.explain(x, { ...epsilon, conditions: { c: [channel] } })).relevance);
    const [zero, two] = [await of(0), await of(2)];
    const each = await lit.explain(x, { ...epsilon, conditions: [{ c: [0] }, { c: [2] }] });
    expectClose(numbers(each.relevance), [...zero.slice(0, 32), ...two.slice(32)]);
    const list = await lit.explain(x, { ...epsilon, conditions: { list: [{ c: [0] }, { c: [2] }] } });
    expect(list.relevance.dims).toEqual([2, 2, 2, 4, 4]);
    expectClose(numbers(list.relevance), [...zero.slice(0, 32), ...two.slice(0, 32), ...zero.slice(32), ...two.slice(32)]);
    expect(list.output.dims).toEqual([2, 3]);
    expect(list.target).toEqual([[1], [1]]);
    expect(list.notes).toHaveLength(4);
  });

  test("a model of one batch size explains them one after another", async () => {
    await using fixed = await open("2");
    const conditions = { list: [{ c: [0] }, { a: [1, 2] }] };
    const [rows, single] = [await lit.explain(x, { ...epsilon, conditions }), await fixed.explain(x, { ...epsilon, conditions })];
    expect(single.relevance.dims).toEqual(rows.relevance.dims);
    expectClose(numbers(single.relevance), numbers(rows.relevance));
  });

  test("weights are soft; neurons and positions are single elements", async () => {
    const of = async (mask: object) =>
      numbers((await lit.explain(x, { ...epsilon, conditions: { c: mask } as never, only: true })).relevance);
    expectClose(
      await of({ weights: { 1: 0.5 } }),
      (await of([1])).map((v) => v / 2),
    );
    expectClose(await of({ neurons: { 1: [6] } }), await of({ positions: [[1, 1, 2]] }));
    const all = { neurons: { 1: Array.from({ length: 16 }, (_, p) => p) } };
    expectClose(await of(all), await of([1]));
  });

  test("the ledger says what a mask took", async () => {
    for (const only of [false, true]) {
      const { ledger } = await lit.explain(x, { ...epsilon, conditions: { c: [1] }, only, strict: true });
      for (const { lost, entries } of ledger!) {
        const row = entries.find(({ op }) => op === "mask")!;
        expect(row).toMatchObject({ node: "c", rule: only ? "only" : "mask" });
        expect(lost.masked).toBeCloseTo(row.in - row.out, 4);
      }
    }
  });

  test("channel scores of conditioned relevance: the rows of an attribution graph", async () => {
    const conditions = { list: [0, 1, 2].map((channel) => ({ c: [channel] })) };
    const { channels } = await lit.explain(x, { ...epsilon, conditions, only: true, channels: ["a"] });
    expect(channels!.a!.dims).toEqual([2, 3, 3]);
    const whole = await lit.explain(x, { ...epsilon, conditions: { c: [0, 1, 2] }, only: true, channels: ["a"] });
    const sums = [0, 1, 2].map((k) => [0, 1, 2].reduce((total, m) => total + channels!.a!.relevance.sum[m * 3 + k]!, 0));
    expectClose(sums, Array.from(whole.channels!.a!.relevance.sum.subarray(0, 3)));
  });

  test("a value may be called list", async () => {
    await using named = await load(
      encodeModelBytes(
        model(
          "net (float[N,4] x) => (float[N,3] y) <float[4,5] v = random(1), float[5,3] w = random(2)> { list = MatMul(x, v) y = MatMul(list, w) }",
        ),
      ),
      { runtime: await nodeRuntime() },
    );
    const { relevance } = await named.explain(noise([2, 4], 1), { ...epsilon, conditions: { list: [1, 3] } });
    expect(relevance.dims).toEqual([2, 4]);
  });

  test("what makes no sense is said", async () => {
    const refused = (options: object) => lit.explain(x, { ...epsilon, ...options } as never);
    await expect(refused({ conditions: { c: [3] } })).rejects.toThrow(/no channel 3 \(value 'c'\): it has 3/);
    await expect(refused({ conditions: { c: 3 } })).rejects.toThrow(/condition 3/);
    await expect(refused({ conditions: [{ c: [1] }, { c: [1] }, { c: [1] }] })).rejects.toThrow(/3 conditions for 2 samples/);
    await expect(refused({ conditions: { list: [] } })).rejects.toThrow(/list without conditions/);
    await expect(refused({ only: true })).rejects.toThrow(/only without a condition/);
    await expect(refused({ conditions: { c: [1], r: [1] }, only: true, target: "top:2" })).resolves.toBeDefined();
    await expect(refused({ conditions: { list: [{ c: [1] }] }, target: "top:2" })).rejects.toThrow(/several classes/);
    await expect(refused({ masks: ["c"] })).rejects.toThrow(/takes no option 'masks'/);
    await expect(lit.explain(x, { method: "smoothgrad", conditions: { c: [1] } })).rejects.toThrow(/method 'smoothgrad'/);
  });
});
