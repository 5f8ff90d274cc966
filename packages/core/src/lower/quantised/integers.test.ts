/** Operators between quantising and reading the integers: what keeps shape or range keeps the number an integer stands for. */
import { describe, expect, test } from "vitest";
import { microsoft, opsOf, sameForward } from "../../../test/support/lowered.ts";
import { explain, floats } from "../../../test/support/run.ts";

const HELD = [
  "float sx = {0.05}, uint8 zx = {100}, uint8 lo = {90}, uint8 hi = {180}, int8 i7 = {7}, int8 zi = {-28}, int32 z32 = {100}",
  "int32 c128 = {128}, uint8 c127 = {127}, int16 c16 = {3}, uint8[6] other = {0, 50, 100, 150, 200, 255}, bool[6] m = {1, 0, 1, 1, 0, 0}",
  "int64[1,3] order = {5, 1, 3}, int64[2] shape = {3, 2}, int64[2] flat = {1, 6}, int64[1] six = {6}, uint8[1,3] upd = {120, 110, 90}",
].join(", ");
const net = (between: string, back = "c, sx, zx", opset = 17) =>
  `${microsoft(opset)} g (float[1,6] x) => (float[1,6] y) <${HELD}> {
    q = QuantizeLinear(x, sx, zx) ${between} y = DequantizeLinear(${back}) }`;
/** On the grid, so that rounding is none; the first and the last are outside of what the integers hold. */
const x = floats([1, 6], [-7, -2, -0.45, 0.55, 3, 9]);
const inside = floats([1, 6], [-3, -2, -0.45, 0.55, 1, 2.6]);

describe("the same numbers, and relevance where they come from", () => {
  test.each([
    ["a cast to its own type", "c = Cast <to=2> (q)"],
    ["a wider type", "c = Cast <to=6> (q)", "c, sx, z32"],
    ["there and back", "w = Cast <to=7> (q) c = Cast <to=2> (w)"],
    ["there and back through a type that wraps around", "w = Cast <to=3> (q) c = Cast <to=2> (w)"],
    ["moved while wrapped around", "w = Cast <to=3> (q) t = Reshape(w, shape) u = Reshape(t, flat) c = Cast <to=2> (u)"],
    ["like another value", "c = CastLike(q, hi)"],
    ["Clip", "c = Clip(q, lo, hi)"],
    ["Clip from below", "c = Clip(q, lo)"],
    ["Clip from above", 'c = Clip(q, "", hi)'],
    ["cut, so that a signed type holds it", "d = Clip(q, lo, c127) c = Cast <to=3> (d)", "c, sx, i7"],
    ["Max, the constant first", "c = Max(lo, q)"],
    ["Min", "c = Min(q, hi)"],
    ["Where, the constant first", "c = Where(m, other, q)"],
    ["ScatterElements", "c = ScatterElements <axis=1> (q, order, upd)"],
    ["ReverseSequence", "c = ReverseSequence <batch_axis=0, time_axis=1> (q, six)"],
    ["Compress", "c = Compress <axis=1> (q, m)"],
    ["uint8 to int8 by arithmetic", "w = Cast <to=6> (q) s = Sub(w, c128) c = Cast <to=3> (s)", "c, sx, zi"],
    ["scaled in a wider type", "w = Cast <to=6> (q) a = Add(c128, w) b = Mul(a, z32) n = Neg(b) c = Sub(c128, n)", "c, sx, z32"],
    ["Relu of signed integers", "w = Cast <to=6> (q) s = Sub(w, c128) r = Relu(s) c = Cast <to=3> (r)", "c, sx, zi"],
  ] as [string, string, string?, number?][])("%s", async (_, between, back, opset) => {
    const source = net(between, back, opset);
    for (const values of [x, inside]) {
      const m = await sameForward(source, { x: values }, 1e-5);
      expect(opsOf(m).filter((op) => /Round|Quantize/.test(op))).toEqual([]);
    }
    const { out, relevance } = await explain(
      source
        .replace("float[1,6] y", "float[1,1] sum")
        .replace(/ }$/, " sum = ReduceSum <keepdims=1> (y, axis) }")
        .replace("<float sx", "<int64[1] axis = {1}, float sx"),
      { x: inside },
      { recipe: { method: "gradient" } },
    );
    expect(out.sum!.dims).toEqual([1, 1]);
    expect(relevance.some((v) => v !== 0)).toBe(true);
  });
});

test("a value cut on its integers gets nothing where it was cut", async () => {
  const { relevance } = await explain(
    `${microsoft()} g (float[1,6] x) => (float[1,2] y) <${HELD}, float[6,2] w = random(3)> {
      q = QuantizeLinear(x, sx, zx) c = Clip(q, lo, hi) k = Cast <to=2> (c) d = DequantizeLinear(k, sx, zx) y = MatMul(d, w) }`,
    { x },
    { recipe: { method: "gradient" }, target: { kind: "index", index: [0] } },
  );
  expect(relevance.map((v) => v !== 0)).toEqual([false, false, true, true, true, false]);
});

test("integers that wrap around and are read so stay integers", async () => {
  const source = net("c = Cast <to=3> (q)", "c, sx, i7");
  const m = await sameForward(source, { x: floats([1, 6], [-3, -2, -0.5, 0.55, 1, 9]) }, 1e-5);
  expect(opsOf(m)).toContain("Cast");
});
