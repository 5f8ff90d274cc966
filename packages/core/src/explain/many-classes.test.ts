import { expect, test } from "vitest";
import { relativeError } from "../../test/support/compare.ts";
import { loadText } from "../../test/support/load.ts";
import { noise } from "../../test/support/run.ts";

const net = (
  batch: string,
) => `net (float[${batch},3,6,6] x) => (float[${batch},40] y) <float[8,3,3,3] k = random(1), float[8] b = random(2), float[8,40] w = random(3)> {
  z = Conv <pads=[1,1,1,1]> (x, k, b) h = Relu(z) g = GlobalAveragePool(h) f = Flatten(g) y = Gemm(f, w) }`;
const x = noise([2, 3, 6, 6], 4);

test.each(["N", "2"])(
  "classes beyond a few are rows of a batch, the same maps in the order they win (batch %s)",
  async (batch) => {
    await using lit = await loadText(net(batch));
    const told: (readonly number[])[] = [];
    const many = await lit.explain(x, { target: "top:20", ledger: true, layers: ["h"], onRows: (...at) => told.push(at) });
    expect(many.relevance.dims).toEqual([2, 20, 3, 6, 6]);
    expect(many.layers.h!.dims).toEqual([2, 20, 8, 6, 6]);
    expect([many.ledger!.length, many.notes.length, many.leaving!.length]).toEqual([40, 40, 40]);
    expect(many.output.dims).toEqual([2, 40]);
    expect(told.at(-1)).toEqual([20, 20]);
    const few = await lit.explain(x, { target: "top:5" });
    expect(many.target.map((classes) => classes.slice(0, 5))).toEqual(few.target);
    const [width, all] = [108, many.relevance.data];
    for (const n of [0, 1]) {
      const [got, want] = [
        all.subarray(n * 20 * width, (n * 20 + 5) * width),
        few.relevance.data.subarray(n * 5 * width, (n + 1) * 5 * width),
      ];
      expect(relativeError([...got], [...want])).toBeLessThan(1e-5);
    }
    const last = await lit.explain(x, { target: many.target.map((classes) => classes[19] as number) });
    expect(relativeError([...all.subarray(19 * width, 20 * width)], [...last.relevance.data.subarray(0, width)])).toBeLessThan(
      1e-5,
    );
  },
);

test("a list of classes, more than a few", async () => {
  await using lit = await loadText(net("N"));
  const list = Array.from({ length: 18 }, (_, k) => 39 - 2 * k);
  const { target, relevance } = await lit.explain(x, { target: { list } });
  expect(target).toEqual([list, list]);
  expect(relevance.dims).toEqual([2, 18, 3, 6, 6]);
});
