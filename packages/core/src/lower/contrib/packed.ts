/**
 * Weights of 2, 4 or 8 bits in blocks (MatMulNBits, GatherBlockQuantized): w = (q − zero point) · scale, one scale and zero point a
 * block. They are unpacked by ordinary nodes on the packed initializer, which the runtime folds at load: the file stays small.
 */
import type { Builder } from "../../graph/builder.ts";
import type { Facts } from "../../graph/facts.ts";
import { getInt } from "../../onnx/attributes.ts";
import { makeTensor } from "../../onnx/tensors.ts";
import { input, plus, toFloat } from "../parts.ts";
import type { Expansion, Expansions } from "../pass.ts";

const byte = (g: Builder, value: number): string => {
  const name = g.name(`u8.${value}`);
  g.constants.push(makeTensor(name, { type: "uint8", dims: [], data: Uint8Array.of(value) }));
  return name;
};

/** The fields of each byte, low bits first, as floats along the last axis: [rows, n] to [rows, n · 8/bits]. */
export const unpackBits = (g: Builder, packed: string, bits: number, rows: number): string => {
  if (bits === 8) return toFloat(g, packed);
  const fields = Array.from({ length: 8 / bits }, (_, i) => {
    const left = 8 - bits - i * bits; // away with the fields above, then with those below
    const shifted = left === 0 ? packed : g.op("BitShift", [packed, byte(g, left)], { direction: "LEFT" });
    return g.op("Unsqueeze", [toFloat(g, g.op("BitShift", [shifted, byte(g, 8 - bits)], { direction: "RIGHT" })), g.ints([-1])]);
  });
  return g.op("Reshape", [g.op("Concat", fields, { axis: -1 }), g.ints([rows, -1])]);
};

const first = (g: Builder, x: string, count: number): string => g.op("Slice", [x, g.ints([0]), g.ints([count]), g.ints([1])]);

/** Y = A · Wᵀ + bias, W [N, K] in blocks along K. */
const MatMulNBits: Expansion = (node, { g, facts }) => {
  const attribute = (name: string, fallback = 0) => getInt(node, name, fallback);
  const [N, K, bits, block] = [attribute("N"), attribute("K"), attribute("bits", 4), attribute("block_size")];
  const [a, b, scales, zeros, group] = [0, 1, 2, 3, 4].map((i) => input(node, i));
  if (attribute("weight_prepacked") !== 0) return "its weights are packed for one kind of processor";
  if (group !== undefined || 8 % bits !== 0)
    return `backlit does not know weights of ${bits} bits${group ? " in permuted groups" : ""}`;
  const blocks = Math.ceil(K / block);
  const whole = g.op("Reshape", [b!, g.ints([N, -1])]);
  const q = g.op("Reshape", [unpackBits(g, whole, bits, N), g.ints([N, blocks, block])]);
  const column = (x: string) => g.op("Reshape", [x, g.ints([N, blocks, 1])]);
  const w = g.mul(g.sub(q, zeroPoints(g, facts, zeros, { N, blocks, bits }) ?? g.floats(2 ** (bits - 1))), column(scales!));
  const rows = g.op("Reshape", [w, g.ints([N, blocks * block])]);
  const y = g.op("MatMul", [a!, g.transpose(blocks * block === K ? rows : first(g, rows, K), [1, 0])]);
  return [plus(g, y, input(node, 5))];
};

/** [N, blocks, 1] from packed bytes, a row of whole bytes for each output, or from floats. */
const zeroPoints = (
  g: Builder,
  facts: Facts,
  zeros: string | undefined,
  { N, blocks, bits }: { readonly N: number; readonly blocks: number; readonly bits: number },
): string | undefined => {
  if (zeros === undefined) return undefined;
  const count = (facts.shape(zeros) ?? []).reduce<number>((n, d) => n * (d ?? 0), 1);
  const bytes = Math.ceil((blocks * bits) / 8);
  const isBytes = facts.value(zeros) === undefined ? count === N * bytes && bits < 8 : facts.value(zeros)!.type === "uint8";
  const values = isBytes ? first(g, unpackBits(g, g.op("Reshape", [zeros, g.ints([N, bytes])]), bits, N), blocks) : zeros;
  return g.op("Reshape", [values, g.ints([N, blocks, 1])]);
};

export const packedWeights: Expansions = { "com.microsoft.MatMulNBits": MatMulNBits };
