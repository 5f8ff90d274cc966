/** Outputs that are sizes of something: regressions behind an activation, distances. */
import { describe, expect, test } from "vitest";
import { exactly, families, write } from "../support/families.ts";
import { expectSame, mapsOf } from "../support/maps.ts";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const times = (factor: number, map: readonly number[]) => map.map((v) => factor * v);

describe("sizes: v is the slope of the last activation", () => {
  const family = families.find(({ name }) => name === "a dense net")!;
  const { dims: shape } = family;
  const reading = { outputKind: "regression" as const };
  test.each<[string, (z: number) => number]>([
    ["Neg", () => -1],
    ["Exp", Math.exp],
    ["Sigmoid", (z) => sigmoid(z) * sigmoid(-z)],
    ["Softplus", sigmoid],
  ])("%s", async (op, slope) => {
    const { maps: single, output: z } = await mapsOf(write(family), { shape, seed: "logit" });
    for (const asked of [
      [0, 1e-8, -1e-8],
      [3, 1, -3],
      [20, 1, -20],
    ]) {
      const { held, nodes } = exactly(z, asked);
      const { maps, notes } = await mapsOf(write(family, { held, after: `${nodes} y = ${op}(set)` }), { shape, reading });
      for (const [t, map] of maps.entries()) {
        // In float32 a sigmoid is 0 or 1 beyond ±18, and depends on nothing.
        const flat = op === "Sigmoid" && Math.abs(asked[t]!) > 18;
        expect(notes[t], `${op} at ${asked[t]}`).toBe(flat ? "nothing" : undefined);
        if (!flat) expectSame(map, times(slope(asked[t]!), single[t]!), `${op} at ${asked[t]}`);
      }
    }
  });
});

describe("distances: positive speaks for nearness, shifts or none", () => {
  const shape = [1, 4];
  const held =
    "float[3,4] centres = random(3), float[1,3,4] wide = random(3), int64[1] one = {1}, int64[1] two = {2}, float by = {20}, float minus2 = {-2}, float[4,3] turned = random(4), float[1,3] squares = {0.4,0.7,0.2}";
  test.each([
    [
      "from differences",
      "u = Unsqueeze(x, one) d = Sub(u, wide) s = Mul(d, d) q = ReduceSum <keepdims=0> (s, two) y = Sqrt(q)",
      "q",
    ],
    [
      "from products",
      "xx = Mul(x, x) n = ReduceSum(xx, one) m = MatMul(x, turned) w = Mul(m, minus2) s = Add(n, w) q = Add(s, squares) y = Identity(q)",
      "q",
    ],
  ])("%s", async (_, nodes, at) => {
    const text = (more: string, outputs: string) => `net (float[N,4] x) => (${outputs}) <${held}> { ${nodes} ${more} }`;
    const nearest = await mapsOf(text(`k = ArgMin <axis=1, keepdims=0> (${at})`, "float[N,3] y, int64[N] k"), {
      shape,
      composite: "auto",
    });
    const larger = await mapsOf(text("", "float[N,3] y"), { shape, reading: { outputKind: "regression" } });
    const moved = await mapsOf(text("far = Add(y, by)", "float[N,3] far"), {
      shape,
      reading: { outputKind: "distances" },
      composite: "auto",
    });
    for (const [t, map] of nearest.maps.entries()) {
      expectSame(map, times(-1, larger.maps[t]!), `class ${t}`);
      expectSame(moved.maps[t]!, map, `class ${t}, moved`);
    }
  });
});
