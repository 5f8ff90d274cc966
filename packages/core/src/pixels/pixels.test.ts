import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { type Pixels, type Preprocessor, preprocess, type ResizeFilter } from "../input/index.ts";
import { IMAGENET } from "../input/picture/preprocessor.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { halfToFloat } from "../tensor/half.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { PREPROCESS_KEY, takingPixels } from "./index.ts";

const base: Preprocessor = {
  ...{ channels: 3, order: "rgb", layout: "nchw", resize: null, crop: null, scale: 1 / 255, offset: 0, notices: [] },
  ...IMAGENET,
};
const picture = (width: number, height: number, channels: 1 | 3 = 3): Pixels => ({
  ...{ width, height, channels },
  data: Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 7919 + ((i * i) % 251)) % 256),
});
const echo = (shape: string, type = "float") => model(`net (${type}[${shape}] x) => (${type}[${shape}] y) { y = Identity(x) }`);

/** What a model that hands on its input makes of bytes. */
const fed = async (
  source: ReturnType<typeof echo>,
  config: Preprocessor,
  { width, height, channels, data }: Pixels,
  resize = false,
) => {
  const made = takingPixels(source, config, { input: "x", resize });
  await using session = await (await nodeRuntime()).createSession(encodeModelBytes(made.model));
  const { y } = await session.run({
    [made.taken.input]: { type: "uint8", dims: [1, height, width, channels], data: Uint8Array.from(data) },
  });
  return y!;
};
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i]!)));

describe("bytes in, the model's numbers behind", () => {
  test.each<[string, string, Partial<Preprocessor>]>([
    ["torchvision's", "N,3,6,5", {}],
    ["caffe's, blue first", "N,3,6,5", { order: "bgr", scale: 1, mean: [103.939, 116.779, 123.68], std: [1, 1, 1] }],
    [
      "Keras', channels last, -1..1",
      "N,6,5,3",
      { layout: "nhwc", scale: 1 / 127.5, offset: -1, mean: [0, 0, 0], std: [1, 1, 1] },
    ],
    ["channels last, blue first", "N,6,5,3", { layout: "nhwc", order: "bgr" }],
    ["grey", "N,1,6,5", { channels: 1, mean: [0.1307], std: [0.3081] }],
  ])("%s", async (_, shape, part) => {
    const config = { ...base, ...part };
    const given = picture(5, 6, config.channels);
    const { data, dims } = await fed(echo(shape), config, given);
    const { tensor } = preprocess(given, config);
    expect(dims).toEqual(tensor.dims);
    expect(data).toEqual(tensor.data);
  });

  test("half floats stay what the model computes with", async () => {
    const given = picture(5, 6);
    const { type, data } = await fed(echo("N,3,6,5", "float16"), base, given);
    const wanted = preprocess(given, base).tensor.data as Float32Array;
    expect(type).toBe("float16");
    expect(farthest(Array.from(data as Uint16Array, halfToFloat), wanted)).toBeLessThan(2e-3);
  });
});

describe("resizing in the graph", () => {
  const filters: readonly ResizeFilter[] = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"];
  const plain = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] } as const;
  const expectBytes = ({ dims, data }: Tensor, { tensor }: ReturnType<typeof preprocess>) => {
    expect(dims).toEqual(tensor.dims);
    expect(data).toEqual(tensor.data);
  };

  test.each(filters)("%s, smaller and larger, the bytes of Pillow", async (filter) => {
    const config: Preprocessor = { ...base, ...plain, resize: { to: "size", width: 17, height: 23, filter } };
    for (const given of [picture(61, 40), picture(9, 12)])
      expectBytes(await fed(echo("N,3,23,17"), config, given, true), preprocess(given, config));
  });

  test.each([
    ["even", "wide", 64, 39, 16],
    ["floor", "tall", 31, 70, 15],
    ["even", "padded with black", 40, 33, 27],
    ["floor", "padded with black", 33, 40, 26],
  ] as const)("shortest edge and centre crop, margins %s, %s", async (rounding, _, width, height, side) => {
    const crop = { width: side, height: side, margin: rounding };
    const config: Preprocessor = {
      ...base,
      ...plain,
      layout: "nhwc",
      resize: { to: "shortest-edge", edge: 20, filter: "bilinear" },
      crop,
    };
    const given = picture(width, height);
    expectBytes(await fed(echo("N,h,w,3"), config, given, true), preprocess(given, config));
  });
});

test("an explaining model: its relevance stays at its own input, several pictures are a batch, its metadata says the numbers", async () => {
  const source = model(
    "net (float[N,3,4,4] x) => (float[N,2] y) <float[2,3,3,3] w = random(1)> { c = Conv(x, w) r = Relu(c) y = ReduceMax <axes=[2,3], keepdims=0>(r) }",
  );
  await using lit = await load(encodeModelBytes(source), { runtime: await nodeRuntime() });
  const compiled = await lit.compile();
  const { model: made, taken } = takingPixels(compiled.model, base, { input: "x" });
  await using plain = await (await nodeRuntime()).createSession(encodeModelBytes(compiled.model));
  await using session = await (await nodeRuntime()).createSession(encodeModelBytes(made));
  const pictures = [picture(4, 4), { ...picture(4, 4), data: picture(4, 4).data.toReversed() }];
  const values = pictures.flatMap((one) => Array.from(preprocess(one, base).tensor.data as Float32Array));
  const want = await plain.run({ x: { type: "float32", dims: [2, 3, 4, 4], data: Float32Array.from(values) } });
  const bytes = Uint8Array.from(pictures.flatMap(({ data }) => Array.from(data)));
  const got = await session.run({ pixels: { type: "uint8", dims: [2, 4, 4, 3], data: bytes } });
  expect(got.relevance!.dims).toEqual([2, 3, 4, 4]);
  for (const name of ["y", "relevance"])
    expect(farthest(got[name]!.data as Float32Array, want[name]!.data as Float32Array)).toBeLessThan(1e-5);
  const written = made.metadataProps.find(({ key }) => key === PREPROCESS_KEY)!;
  expect(JSON.parse(written.value)).toEqual(taken);
  expect(taken).toMatchObject({
    input: "pixels",
    value: "x",
    before: { resize: null, crop: null },
    inside: { order: "rgb", ...IMAGENET },
  });
  expect(() => takingPixels(source, base, { input: "z" })).toThrow("the model has no input 'z'");
});
