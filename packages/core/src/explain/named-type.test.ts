import { expect, test } from "vitest";
import { loadText } from "../../test/support/load.ts";
import type { Tensor } from "../tensor/tensor.ts";

const NET = "net (float[N,2] x) => (float[N,2] y) <float[2,2] w = random(1)> { y = MatMul(x, w) }";

test("a tensor without a type is what its array is, alone and by name", async () => {
  await using lit = await loadText(NET);
  const untyped = { dims: [1, 2], data: Float32Array.of(1, 2) } as unknown as Tensor;
  const want = await lit.explain({ ...untyped, type: "float32" } as Tensor);
  for (const given of [untyped, { x: untyped }]) expect((await lit.explain(given)).relevance).toEqual(want.relevance);
});

test("what is no tensor is said to be none", async () => {
  await using lit = await loadText(NET);
  for (const given of [{ x: [1, 2] }, { x: { dims: [1, 2] } }, { dims: [1, 2], data: [1, 2] }])
    await expect(lit.explain(given as never)).rejects.toMatchObject({
      _tag: "BadInput",
      message: expect.stringContaining("no tensor"),
    });
});
