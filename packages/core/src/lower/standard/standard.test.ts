/** Attention and RotaryEmbedding of opset 23 and 24, taken apart: the same numbers, in every form of their masks and outputs. */
import { describe, expect, test } from "vitest";
import { opsOf, sameForward } from "../../../test/support/lowered.ts";
import { type Feeds, ints, noise } from "../../../test/support/run.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const [B, L, S, SIZE] = [2, 3, 4, 6];
const bools = (dims: readonly number[], data: readonly number[]): Tensor => ({ type: "bool", dims, data: Uint8Array.from(data) });
const declare = (feeds: Feeds): string =>
  Object.entries(feeds)
    .map(([name, { type, dims }]) => `${type === "float32" ? "float" : type}[${dims}] ${name}`)
    .join(", ");
const same = async (call: string, feeds: Feeds, { outputs = "y", opset = 23, held = "" } = {}) => {
  const declared = outputs.split(",").filter((name) => name !== '""');
  const source = `<ir_version: 11, opset_import: ["" : ${opset}]> g (${declare(feeds)}) => (${declared.map((name) => `float[] ${name}`)}) ${held} {
    ${outputs} = ${call} }`;
  const m = await sameForward(source, feeds, 2e-5);
  expect(opsOf(m)).not.toContain(call.match(/^\w+/)![0]);
};

const apart = { q: noise([B, 4, L, SIZE], 1, 3), k: noise([B, 4, S, SIZE], 2, 3), v: noise([B, 4, S, 5], 3, 3) };
const shared = { q: noise([B, 4, L, SIZE], 1, 3), k: noise([B, 2, S, SIZE], 2, 3), v: noise([B, 2, S, 5], 3, 3) };
const flat = { q: noise([B, L, 4 * SIZE], 1, 3), k: noise([B, S, 2 * SIZE], 2, 3), v: noise([B, S, 2 * 5], 3, 3) };
const past = { pk: noise([B, 4, 2, SIZE], 4), pv: noise([B, 4, 2, 5], 5) };
const FLAT = "q_num_heads=4, kv_num_heads=2";

describe("Attention", () => {
  test("heads apart", () => same("Attention(q, k, v)", apart));
  test("a scale, a cap", () => same("Attention <scale=0.3, softcap=2.0> (q, k, v)", apart));
  test("shared keys", () => same("Attention(q, k, v)", shared));
  test("heads side by side, shared keys", () => same(`Attention <${FLAT}> (q, k, v)`, flat));
  test("causal", () => same("Attention <is_causal=1> (q, k, v)", { ...apart, q: noise([B, 4, S, SIZE], 1, 3) }));
  test("past and present", () => same('Attention(q, k, v, "", pk, pv)', { ...apart, ...past }, { outputs: "y,k1,v1" }));
  test("past, causal", () =>
    same(
      'Attention <is_causal=1> (q, k, v, "", pk, pv)',
      { ...apart, q: noise([B, 4, S, SIZE], 1, 3), ...past },
      { outputs: "y,k1,v1" },
    ));
  test.each([
    ["an addend", { m: noise([L, S], 6) }],
    ["an addend for each head", { m: noise([B, 4, L, S], 6) }],
    ["booleans", { m: bools([L, S], [1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1]) }],
    [
      "booleans for each batch entry",
      {
        m: bools(
          [B, 1, L, S],
          Array.from({ length: B * L * S }, (_, i) => (i % 3 === 1 ? 0 : 1)),
        ),
      },
    ],
  ] as readonly (readonly [string, Feeds])[])("mask: %s", (_, m) => same("Attention(q, k, v, m)", { ...apart, ...m }));
  test("booleans that are computed", async () => {
    const feeds = { ...apart, f: noise([L, S], 6) };
    await sameForward(
      `<ir_version: 11, opset_import: ["" : 23]> g (${declare(feeds)}) => (float[] y) <float low = {-0.5}, int64[1] axis = {0}> {
        b = Greater(f, low) m = Unsqueeze(b, axis) y = Attention(q, k, v, m) }`,
      feeds,
      2e-5,
    );
  });
  test.each([0, 1, 2, 3])("scores, mode %d", (mode) =>
    same(
      `Attention <softcap=2.0, qk_matmul_output_mode=${mode}> (q, k, v, m)`,
      { ...apart, m: noise([L, S], 6) },
      { outputs: 'y,"","",s' },
    ),
  );
  test("lengths (opset 24)", () => same('Attention(q, k, v, "", "", "", n)', { ...apart, n: ints([B], [3, 4]) }, { opset: 24 }));
});

describe("RotaryEmbedding", () => {
  const x = noise([B, 3, 16], 1);
  const held = "<float[10,4] c = random(1), float[10,4] s = random(2), float[10,2] c2 = random(1), float[10,2] s2 = random(2)>";
  const p = ints([B, 3], [2, 3, 4, 0, 1, 9]);
  test.each([
    ["num_heads=2", "x, c, s, p"],
    ["num_heads=2, interleaved=1", "x, c, s, p"],
    ["num_heads=2, rotary_embedding_dim=4", "x, c2, s2, p"],
  ])("%s", (attributes, inputs) => same(`RotaryEmbedding <${attributes}> (${inputs})`, { x, p }, { held }));
  test("heads apart, angles looked up", () =>
    same("RotaryEmbedding(x, c, s)", { x: noise([B, 2, 3, 8], 1), c: noise([B, 3, 4], 2), s: noise([B, 3, 4], 3) }));
});
