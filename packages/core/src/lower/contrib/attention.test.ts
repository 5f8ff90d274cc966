/** Attention in ONNX Runtime's forms, taken apart: masks, packings, past keys, rotations. */
import { describe, test } from "vitest";
import { microsoft, sameForward } from "../../../test/support/lowered.ts";
import { type Feeds, ints, noise } from "../../../test/support/run.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const B = 2;
const S = 4;
const HEADS = 2;
const SIZE = 6;
const WIDTH = HEADS * SIZE;

const int32 = (dims: readonly number[], data: readonly number[]): Tensor => ({
  type: "int32",
  dims,
  data: Int32Array.from(data),
});
const declare = (feeds: Feeds): string =>
  Object.entries(feeds)
    .map(([name, { type, dims }]) => `${type === "float32" ? "float" : type}${dims.length > 0 ? `[${dims}]` : ""} ${name}`)
    .join(", ");
/** Every tensor fed is an input of fixed size; `outputs` beyond y may be asked for. */
const same = async (
  call: string,
  feeds: Feeds,
  { held = "float[1] none = {0}", outputs = "y", tolerance = 2e-5, opset = 17 } = {},
) => {
  const outs = outputs.split(",").filter((name) => name !== "");
  const declared = outs.filter((name) => name.trim() !== '""').map((name) => `float[] ${name}`);
  await sameForward(
    `${microsoft(opset)} g (${declare(feeds)}) => (${declared.join(", ")}) <${held}> { ${outputs} = com.microsoft.${call} }`,
    feeds,
    tolerance,
  );
};

const MASKS: Readonly<Record<string, Tensor>> = {
  "[b, keys]": int32([B, S], [1, 1, 1, 0, 1, 1, 0, 0]),
  "[b, keys], left": int32([B, S], [0, 1, 1, 1, 0, 0, 1, 1]),
  "[b, queries, keys]": int32(
    [B, S, S],
    Array.from({ length: B * S * S }, (_, i) => (i % 5 === 1 ? 0 : 1)),
  ),
  "[b]": int32([B], [3, 2]),
  "[2b]": int32([2 * B], [4, 3, 1, 0]),
};

describe("Attention", () => {
  const held = `float[8,${3 * WIDTH}] w = random(1), float[${3 * WIDTH}] b = random(2)`;
  const x = noise([B, S, 8], 3, 4);
  test("without a mask", () => same(`Attention <num_heads=${HEADS}> (x, w, b)`, { x }, { held }));
  test("with a scale", () => same(`Attention <num_heads=${HEADS}, scale=0.7> (x, w, b)`, { x }, { held }));
  test("free batch and length, padding on both sides", () =>
    sameForward(
      `${microsoft()} g (float[N,S,8] x, int32[N] ends, int32[N] starts) => (float[] y) <${held}> {
        m = Concat <axis=0> (ends, starts)
        y = com.microsoft.Attention <num_heads=${HEADS}, unidirectional=1> (x, w, b, m) }`,
      { x, ends: int32([B], [4, 3]), starts: int32([B], [1, 0]) },
      1e-3,
    ).then(() => undefined));
  for (const [name, m] of Object.entries(MASKS))
    for (const unidirectional of [0, 1])
      test(`mask ${name}, unidirectional ${unidirectional}`, () =>
        same(
          `Attention <num_heads=${HEADS}, unidirectional=${unidirectional}> (x, w, b, m)`,
          { x, m },
          { held, tolerance: 1e-3 },
        ));
  test("mask_filter_value", () =>
    same(`Attention <num_heads=${HEADS}, mask_filter_value=-1.5> (x, w, b, m)`, { x, m: MASKS["[b, keys]"]! }, { held }));
  test("other widths of values", () =>
    same(
      `Attention <num_heads=${HEADS}, qkv_hidden_sizes=[12,12,4]> (x, w, b)`,
      { x },
      { held: "float[8,28] w = random(1), float[28] b = random(2)" },
    ));
  test("attention_bias", () =>
    same(`Attention <num_heads=${HEADS}> (x, w, b, "", "", r)`, { x, r: noise([1, HEADS, S, S], 4) }, { held }));
  test.each([0, 1])("past and present, unidirectional %d", (unidirectional) =>
    same(
      `Attention <num_heads=${HEADS}, unidirectional=${unidirectional}> (x, w, b, m, past)`,
      { x, m: int32([B, S + 3], [1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1]), past: noise([2, B, HEADS, 3, SIZE], 5) },
      { held, outputs: "y,present", tolerance: 1e-3 },
    ),
  );
});

describe("MultiHeadAttention", () => {
  const [q, k, v] = [noise([B, S, WIDTH], 1, 3), noise([B, 5, WIDTH], 2, 3), noise([B, 5, 8], 3, 3)];
  const held = `float[${2 * WIDTH + 8}] b = random(2), float[${3 * WIDTH}] c = random(3)`;
  const call = (rest: string, inputs: string) => `MultiHeadAttention <num_heads=${HEADS}${rest}> (${inputs})`;
  test("apart", () => same(call("", "q, k, v"), { q, k, v }));
  test("apart, with a bias and a scale", () => same(call(", scale=0.3", "q, k, v, b"), { q, k, v }, { held }));
  test("keys and values with heads apart", () =>
    same(call("", "q, k, v"), { q, k: noise([B, HEADS, 5, SIZE], 4, 3), v: noise([B, HEADS, 5, SIZE], 5, 3) }));
  test("unidirectional", () =>
    same(
      call(", unidirectional=1", "q, k, v, c"),
      { q, k: noise([B, S, WIDTH], 2, 3), v: noise([B, S, WIDTH], 3, 3) },
      { held },
    ));
  for (const [name, m] of Object.entries({
    "[b, keys]": int32([B, 5], [1, 1, 1, 0, 0, 1, 1, 0, 1, 1]),
    "[b, queries, keys]": int32(
      [B, S, 5],
      Array.from({ length: B * S * 5 }, (_, i) => (i % 3 === 1 ? 0 : 1)),
    ),
    "[b]": int32([B], [3, 4]),
  }))
    test(`mask ${name}`, () => same(call("", 'q, k, v, "", m'), { q, k, v, m }, { tolerance: 1e-3 }));
  test("attention_bias", () => same(call("", 'q, k, v, "", "", r'), { q, k, v, r: noise([B, 1, S, 5], 4) }));
  test("past and present", () =>
    same(
      call("", 'q, k, v, "", "", "", pk, pv'),
      {
        q,
        k: noise([B, S, WIDTH], 2, 3),
        v: noise([B, S, WIDTH], 3, 3),
        pk: noise([B, HEADS, 3, SIZE], 6),
        pv: noise([B, HEADS, 3, SIZE], 7),
      },
      { outputs: "y,k1,v1" },
    ));
});

describe("RotaryEmbedding", () => {
  const held = "float[10,4] c = random(1), float[10,4] s = random(2), float[10,2] c2 = random(1), float[10,2] s2 = random(2)";
  const positions = ints([B, 3], [2, 3, 4, 0, 1, 9]);
  test.each([
    ["", "x, p, c, s"],
    ["<interleaved=1>", "x, p, c, s"],
    ["<num_heads=2, rotary_embedding_dim=4>", "x, p, c2, s2"],
    ["<num_heads=2, rotary_embedding_dim=4, interleaved=1>", "x, p, c2, s2"],
  ])("%s (%s)", (attributes, inputs) =>
    same(`RotaryEmbedding ${attributes} (${inputs})`, { x: noise([B, 3, 16], 1), p: positions }, { held }),
  );
  test("heads apart, one position for a run", () =>
    same("RotaryEmbedding(x, p, c, s)", { x: noise([B, 2, 3, 8], 1), p: ints([1], [4]) }, { held }));
});

describe("GroupQueryAttention", () => {
  const [heads, kv, size] = [4, 2, 16];
  const held = `float[12,${size / 2}] c = random(1), float[12,${size / 2}] s = random(2), int32[${B}] n = {${S - 1},${S - 1}}, int32 t = {${S}}`;
  const [q, k, v] = [noise([B, S, heads * size], 1, 3), noise([B, S, kv * size], 2, 3), noise([B, S, kv * size], 3, 3)];
  const call = (rest: string, inputs: string) =>
    `GroupQueryAttention <num_heads=${heads}, kv_num_heads=${kv}${rest}> (${inputs})`;
  test("a prompt", () => same(call("", 'q, k, v, "", "", n, t'), { q, k, v }, { held, outputs: "y,k1,v1" }));
  test.each(["", ", rotary_interleaved=1", ", softcap=2.0", ", scale=0.2", ", local_window_size=2"])("rotated%s", (rest) =>
    same(call(`, do_rotary=1${rest}`, 'q, k, v, "", "", n, t, c, s'), { q, k, v }, { held, outputs: "y,k1,v1" }),
  );
  test("packed", () =>
    same(
      call(", do_rotary=1", 'p, "", "", "", "", n, t, c, s'),
      { p: noise([B, S, (heads + 2 * kv) * size], 1, 3) },
      { held, outputs: "y,k1,v1" },
    ));
  test("attention_bias", () =>
    same(
      call("", 'q, k, v, "", "", n, t, "", "", "", r'),
      { q, k, v, r: noise([1, heads, S, S], 4) },
      { held, outputs: "y,k1,v1" },
    ));
  test("after a past", () =>
    same(
      call(", do_rotary=1", "q, k, v, pk, pv, n, t, c, s"),
      {
        q: noise([1, 1, heads * size], 1, 3),
        k: noise([1, 1, kv * size], 2, 3),
        v: noise([1, 1, kv * size], 3, 3),
        pk: noise([1, kv, 3, size], 4),
        pv: noise([1, kv, 3, size], 5),
      },
      { held: held.replace("int32[2] n = {3,3}", "int32[1] n = {3}"), outputs: "y,k1,v1" },
    ));
});
