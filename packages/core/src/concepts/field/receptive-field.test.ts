import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, numbers, runModel } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { receptiveFields } from "./receptive-field.ts";

const ones = (dims: string, count: number) => `float[${dims}] w = {${Array.from({ length: count }, () => 1).join(", ")}}`;

/** Nets of positive weights on one channel: a brighter pixel raises every position that sees it. */
test.each<[string, string]>([
  ["a strided convolution with a pad on one side", `<${ones("1,1,3,2", 6)}> { h = Conv <strides=[2,1], pads=[1,0,0,1]> (x, w) }`],
  ["a transposed convolution", `<${ones("1,1,3,3", 9)}> { h = ConvTranspose <strides=[2,2], pads=[1,1,0,0]> (x, w) }`],
  [
    "a pool behind a pad",
    `<int64[8] p = {0,0,1,1,0,0,0,1}> { z = Pad(x, p) h = AveragePool <kernel_shape=[2,2], strides=[2,1]> (z) }`,
  ],
  [
    "branches of two sizes",
    `<${ones("1,1,3,3", 9)}> { a = Conv <pads=[1,1,1,1]> (x, w) b = AveragePool <kernel_shape=[1,3], pads=[0,1,0,1]> (x) h = Add(a, b) }`,
  ],
  [
    "rows and columns exchanged",
    `<${ones("1,1,1,3", 3)}> { a = Conv <pads=[0,1,0,1]> (x, w) h = Transpose <perm=[0,1,3,2]> (a) }`,
  ],
  ["a mean of rows", "{ h = ReduceMean <axes=[3], keepdims=1> (x) }"],
])("%s: boxes are what changes with a pixel", async (_, body) => {
  const net = `net (float[1,1,5,6] x) => (float[1,1,H,W] h) ${body}`;
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const { boxes, positions } = receptiveFields(lit, "h", 1);
  const run = async (pixel: number) =>
    (
      await runModel(net, {
        x: floats(
          [1, 1, 5, 6],
          Array.from({ length: 30 }, (_, i) => (i === pixel ? 2 : 1)),
        ),
      })
    ).h!;
  const before = await run(-1);
  expect(positions).toEqual(before.dims.slice(2));
  const seen = numbers(before).map(() => [5, 6, 0, 0]);
  for (let pixel = 0; pixel < 30; pixel++) {
    const [row, column] = [Math.floor(pixel / 6), pixel % 6];
    for (const [p, value] of numbers(await run(pixel)).entries())
      if (value !== before.data[p]) {
        const [top, left, bottom, right] = seen[p]! as [number, number, number, number];
        seen[p] = [Math.min(top, row), Math.min(left, column), Math.max(bottom, row + 1), Math.max(right, column + 1)];
      }
  }
  expect(Array.from(boxes)).toEqual(seen.flatMap((box) => (box[2] === 0 ? [0, 0, 0, 0] : box)));
});

test("a value that does not depend on the input is refused", async () => {
  await using lit = await load(encodeModelBytes(model("net (float[1,1,5,6] x) => (float[1,1,5,6] h) { h = Relu(x) }")), {
    runtime: await nodeRuntime(),
  });
  expect(() => receptiveFields(lit, "q")).toThrow(/'q' does not depend on 'x'/);
});
