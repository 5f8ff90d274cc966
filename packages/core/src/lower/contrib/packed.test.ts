/** Weights of 2, 4 and 8 bits in blocks: the runtime's own kernels against plain nodes that unpack them. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../../test/support/compare.ts";
import { lowered, microsoft, opsOf } from "../../../test/support/lowered.ts";
import { type Feeds, ints, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";
import { randomValues } from "../../onnx/parse-tensors.ts";
import type { ModelProto } from "../../onnx/proto.ts";

const bytes = (name: string, dims: readonly number[], seed: number): string => {
  const count = dims.reduce((a, b) => a * b, 1);
  return `uint8[${dims}] ${name} = {${Array.from(randomValues(seed, count), (v) => Math.floor((v + 0.5) * 256))}}`;
};
const same = async (source: string | ModelProto, feeds: Feeds) => {
  const m = await lowered(source);
  expect(opsOf(m).filter((op) => op.includes("."))).toEqual([]);
  await using session = await (await nodeRuntime()).createSession(encodeModelBytes(model(source)), { optimization: "disabled" });
  const [want, got] = [await session.run(feeds), await runModel(m, feeds)];
  expect(got.y!.dims).toEqual(want.y!.dims);
  expectClose(numbers(got.y), numbers(want.y), 1e-5);
};

describe("MatMulNBits", () => {
  const [N, block] = [5, 16];
  const cases = [2, 4, 8].flatMap((bits) =>
    [32, 40].flatMap((K) => ["none", "packed", "floats"].map((zeros) => [bits, K, zeros] as const)),
  );
  test.each(cases.filter(([bits, , zeros]) => !(bits === 8 && zeros === "floats")))(
    "%d bits, K = %d, zero points: %s",
    (bits, K, zeros) => {
      const blocks = Math.ceil(K / block);
      const held = [
        bytes("b", [N, blocks, (block * bits) / 8], 1),
        `float[${N},${blocks}] s = random(2), float[${N}] bias = random(3)`,
        zeros === "packed" ? bytes("z", [N, Math.ceil((blocks * bits) / 8)], 4) : `float[${N},${blocks}] z = random(4)`,
      ].join(", ");
      return same(
        `${microsoft()} g (float[N,3,${K}] x) => (float[] y) <${held}> {
        y = com.microsoft.MatMulNBits <K=${K}, N=${N}, bits=${bits}, block_size=${block}> (x, b, s, ${zeros === "none" ? '""' : "z"}, "", bias) }`,
        { x: noise([2, 3, K], 5) },
      );
    },
  );
});

describe("GatherBlockQuantized", () => {
  const indices = { i: ints([2, 2], [3, 0, 6, 1]) };
  const graph = (held: string, attributes: string, zeros: string) =>
    `<ir_version: 10, opset_import: ["" : 21, "com.microsoft" : 1]> g (int64[N,2] i) => (float[] y) <${held}> {
      y = com.microsoft.GatherBlockQuantized <block_size=16, ${attributes}> (d, i, s${zeros}) }`;

  test.each([
    [4, ""],
    [4, ", z"],
    [8, ""],
    [8, ", z"],
  ])("bytes of %d bits%s", (bits, zeros) =>
    same(
      graph(
        `${bytes("d", [7, (32 * bits) / 8], 1)}, float[7,2] s = random(2), ${bytes("z", [7, Math.ceil((2 * bits) / 8)], 3)}`,
        `bits=${bits}, quantize_axis=1, gather_axis=0`,
        zeros,
      ),
      indices,
    ),
  );

  test("attributes that are not written: blocks of 128 numbers of 4 bits along the second axis, rows gathered", () =>
    same(graph(`${bytes("d", [7, 128], 1)}, float[7,2] s = random(2)`, "", "").replace("<block_size=16, >", ""), indices));

  test.each([
    [21, 0],
    [22, 0],
    [22, 1],
  ])("4-bit elements of type %d, gathered along axis %d", (dataType, axis) => {
    const m = model(
      graph(
        `${bytes("d", [7, 16], 1)}, float[7,2] s = random(2), ${bytes("z", [7], 3)}`,
        `quantize_axis=1, gather_axis=${axis}`,
        ", z",
      ),
    );
    const dims: Readonly<Record<string, readonly number[]>> = { d: [7, 32], z: [7, 2] };
    const initializer = m.graph.initializer.map((t) => (dims[t.name] ? { ...t, dataType, dims: dims[t.name]! } : t));
    return same({ ...m, graph: { ...m.graph, initializer } }, indices);
  });
});
