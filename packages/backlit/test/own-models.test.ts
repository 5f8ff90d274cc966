/** Bare exports from the command line: what their files do not say is said by options, or written beside them by `init`. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { load } from "../src/index.ts";
import { at, backlit } from "./cli.ts";

/** Its logits are the means of its channels: they tell what was fed. */
const MEANS = (shape: string, axes: string) =>
  `<ir_version: 8, opset_import: ["" : 18]> g (float[${shape}] x) => (float[N,3] y) <int64[2] axes = {${axes}}, float[3,3] w = {1,0,0,0,1,0,0,0,1}> {
    m = ReduceMean <keepdims = 0> (x, axes) y = MatMul (m, w) }`;
const saved = (name: string, text: string) => {
  writeFileSync(at(name), encodeModelBytes(parseModel(text)));
  return at(name);
};
const model = saved("means.onnx", MEANS("N,3,4,4", "2,3"));
const colour = at("colour.png");
writeFileSync(
  colour,
  await sharp({ create: { width: 8, height: 6, channels: 3, background: { r: 255, g: 51, b: 0 } } })
    .png()
    .toBuffer(),
);

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(out);
};
/** Means of the three channels. */
const logits = async (...argv: string[]): Promise<number[]> => {
  const { inputs } = await json("explain", ...argv);
  const values: number[] = [];
  for (const { index, logit } of inputs[0].top) values[index] = logit;
  return values;
};
const near = (...values: number[]) => values.map((value) => expect.closeTo(value, 4));
const refused = async (...argv: string[]) => {
  const { code, err } = await backlit(...argv);
  return [code, err];
};

describe("options for what an export lacks", () => {
  test("mean, deviation, range, order of the channels", async () => {
    expect(await logits(model, colour, "--range", "0..1")).toEqual(near(1, 0.2, 0));
    expect(await logits(model, colour, "--mean", "0.5,0.4,0.3", "--std", "0.5")).toEqual(near(1, -0.4, -0.6));
    expect(await logits(model, colour, "--range=-1..1")).toEqual(near(1, -0.6, -1));
    expect(await logits(model, colour, "--mean", "103,116,123", "--bgr")).toEqual(near(-103, -65, 132));
  });

  test("a model that scales bytes itself gets bytes", async () => {
    const scaling = saved(
      "scaling.onnx",
      MEANS("N,3,4,4", "2,3")
        .replace("{\n", "{ s = Constant <value = float {0.007843138}> () [rescaling] f = Mul (x, s)")
        .replace("(x, axes)", "(f, axes)"),
    );
    expect(await logits(scaling, colour)).toEqual(near(2, 0.4, 0));
    expect((await json("explain", scaling, colour)).notices).toContain(
      "no preprocessor_config.json: guessed 4x4 pixels, 0..255, which the model scales itself (rescaling) (--size, --mean, --std)",
    );
  });

  test("sizes, and notices only of what is still guessed", async () => {
    const { notices } = await json("explain", model, colour, "--size", "4");
    expect(notices).toContain("no preprocessor_config.json: guessed ImageNet mean and deviation (--mean, --std)");
    const said = await json("explain", model, colour, "--size", "5", "--crop", "4", "--range", "0..1");
    expect(said.notices.join()).not.toMatch(/no preprocessor_config/);
    expect(await refused("explain", model, colour, "--size", "5")).toEqual([
      1,
      expect.stringMatching(/5x5 pixels: the model takes 4x4/),
    ]);
    expect(await refused("explain", model, colour, "--size", "4by4")).toEqual([
      2,
      expect.stringMatching(/--size 4by4: write 224 or 320x240/),
    ]);
  });

  test("--mean keeps its meaning on tables; the others are refused there", async () => {
    const table = saved("table.onnx", `g (float[N,2] x) => (float[N,2] y) <float[2,2] w = {1,2,3,4}> { y = MatMul (x, w) }`);
    writeFileSync(at("row.csv"), "a,b\n1,2\n");
    expect((await json("explain", table, at("row.csv"), "--mean", "1,1")).inputs[0].explains).toBeDefined();
    expect(await refused("explain", table, at("row.csv"), "--std", "2", "--size", "3")).toEqual([
      1,
      expect.stringMatching(/the model takes no pictures, so --std, --size has no meaning: its input is \[N, 2\]: leave it out/),
    ]);
    expect(await refused("compile", table, "-o", at("t.onnx"), "--mean", "1")).toEqual([
      2,
      expect.stringMatching(/--mean is not read/),
    ]);
  });

  test("compile, inspect and evaluate take them: the box of z^B follows", async () => {
    const box = async (...argv: string[]) => {
      const { recipe } = await json(...argv, "--composite", "epsilon-gamma-box");
      const [first] = recipe.rules.filter(({ rule }: { rule: { name: string } }) => rule.name === "zbox");
      return [first.rule.low, first.rule.high].flat();
    };
    const conv = saved(
      "conv.onnx",
      `g (float[N,3,4,4] x) => (float[N,2] y) <float[2,3,4,4] w = random(1)> { c = Conv (x, w) y = Flatten (c) }`,
    );
    expect(new Set(await box("inspect", conv, "--range=-1..1"))).toEqual(new Set([-1, 1]));
    expect(new Set(await box("compile", conv, "-o", at("c.onnx"), "--mean", "0", "--range", "0..255"))).toEqual(
      new Set([0, 255]),
    );
    mkdirSync(at("pictures"));
    copyFileSync(colour, at("pictures/a.png"));
    const argv = [
      "evaluate",
      conv,
      at("pictures"),
      "--methods",
      "gradient",
      "--unit",
      "pixel",
      "--imputer",
      "zero",
      "--workers",
      "1",
    ];
    const plain = await json(...argv, "--range", "0..1");
    expect(plain.notices.join()).not.toMatch(/ImageNet/);
  });

  test("BMP pictures, in folders of data too", async () => {
    const head = new DataView(new ArrayBuffer(54));
    head.setUint16(0, 0x424d);
    for (const [offset, value] of [
      [10, 54],
      [14, 40],
      [18, 4],
      [22, 4],
      [26, 1 | (24 << 16)],
    ] as const)
      head.setUint32(offset, value, true);
    const pixels = Array.from({ length: 16 }, () => [0, 51, 255]).flat();
    mkdirSync(at("bitmaps"));
    writeFileSync(at("bitmaps/a.bmp"), Uint8Array.of(...new Uint8Array(head.buffer), ...pixels));
    expect(await logits(model, at("bitmaps/a.bmp"), "--range", "0..1")).toEqual(near(1, 0.2, 0));
    const argv = [
      "evaluate",
      model,
      at("bitmaps"),
      "--methods",
      "gradient",
      "--unit",
      "pixel",
      "--imputer",
      "zero",
      "--workers",
      "1",
    ];
    expect((await json(...argv)).samples).toHaveLength(1);
  });

  test("the library", async () => {
    await using lit = await load(model, { preprocess: { range: "0..1", size: 4 } });
    const [first] = await lit.predict(colour);
    expect(first).toMatchObject({ index: 0, logit: expect.closeTo(1, 5) });
  });
});

describe("init", () => {
  test("writes files that explain reads again, in a folder of their own or beside the model", async () => {
    writeFileSync(at("names.txt"), "\uFEFF0 red\n1 green\n\n2 blue\n");
    const said = ["--mean", "0.5", "--std", "0.25", "--size", "5", "--crop", "4", "--bgr", "--labels", at("names.txt")];
    const { out, code } = await backlit("init", model, ...said, "--output-kind", "logits", "--out", at("own"));
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /preprocessor_config\.json: 5 at the shorter edge, centre 4x4.*bgr\nlabels\.json: 3 class names\nconfig\.json: output_kind/,
      ),
    ]);
    const { inputs, notices } = await json("explain", at("own"), colour);
    expect(inputs[0].top[0]).toMatchObject({ index: 2, label: "blue", logit: expect.closeTo(2, 4) });
    expect(notices.join()).not.toMatch(/no preprocessor_config/);
    const again = await refused("init", at("own"), "--range", "0..1");
    expect(again).toEqual([
      2,
      expect.stringMatching(/preprocessor_config\.json.*is there already \(.*own\): --force replaces it/),
    ]);
    expect((await backlit("init", at("own"), "--range", "0..255", "--mean", "0", "--force")).code).toBe(0);
    expect(JSON.parse(readFileSync(at("own/preprocessor_config.json"), "utf8"))).toMatchObject({
      do_rescale: false,
      crop_size: { width: 4 },
    });
  });

  test("axes that the shape does not tell", async () => {
    const both = saved("both.onnx", MEANS("N,3,5,3", "1,2"));
    await backlit("init", both, "--layout", "NHWC", "--size", "5x3", "--range", "0..1", "--out", at("both"));
    expect(await logits(at("both"), colour)).toEqual(near(1, 0.2, 0));
  });

  test("nothing said of a table is an error", async () => {
    const bare = saved("bare.onnx", `g (float[N,2] x) => (float[N,2] y) <float[2,2] w = {1,2,3,4}> { y = MatMul (x, w) }`);
    expect(await refused("init", bare, "--out", at("bare"))).toEqual([2, expect.stringMatching(/nothing to write/)]);
  });
});

describe("numpy arrays, read alike by explain and evaluate", () => {
  const npy = (name: string, tensor: Tensor) => {
    writeFileSync(at(name), writeNpy(tensor));
    return at(name);
  };
  const values = [255, 51, 0];
  /** [count, 4, 4, 3] */
  const bytes = (...dims: number[]): Tensor => {
    const size = dims.reduce((a, b) => a * b, 1);
    return { type: "uint8", dims, data: Uint8Array.from({ length: size }, (_, i) => values[i % 3]!) };
  };
  const floats = (dims: number[], of: (i: number) => number): Tensor => ({
    type: "float32",
    dims,
    data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => of(i)),
  });
  const evaluated = async (file: string, ...argv: string[]) =>
    json("evaluate", model, file, "--methods", "gradient", "--unit", "pixel", "--imputer", "zero", "--workers", "1", ...argv);

  test("bytes are pictures: one, several, with other sizes", async () => {
    expect(await logits(model, npy("one.npy", bytes(4, 4, 3)), "--range", "0..1")).toEqual(near(1, 0.2, 0));
    expect(await logits(model, npy("large.npy", bytes(6, 8, 3)), "--range", "0..1")).toEqual(near(1, 0.2, 0));
    const { inputs } = await json("explain", model, npy("two.npy", bytes(2, 4, 4, 3)), "--range=-1..1");
    expect(inputs.map(({ file }: { file: string }) => file)).toEqual([`${at("two.npy")}, row 0`, `${at("two.npy")}, row 1`]);
    expect((await evaluated(at("two.npy"))).samples).toHaveLength(2);
  });

  test("axes in another order are named as numpy names them", async () => {
    const file = npy(
      "nhwc.npy",
      floats([2, 4, 4, 3], () => 0.5),
    );
    const message =
      /an array of shape 2×4×4×3 does not fit input 'x'.*save x\.transpose\(0, 3, 1, 2\): its axes are in another order/;
    expect(await refused("explain", model, file)).toEqual([1, expect.stringMatching(message)]);
    const { err } = await backlit("evaluate", model, file);
    expect(err).toMatch(/x\.transpose\(0, 3, 1, 2\)/);
    const odd = npy(
      "odd.npy",
      floats([2, 5, 5], () => 0.5),
    );
    expect((await backlit("explain", model, odd)).err).toMatch(/save it in that shape/);
  });

  test("missing axes of size 1 are added", async () => {
    const grey = saved(
      "grey.onnx",
      MEANS("N,1,4,4", "2,3").replace("float[3,3] w = {1,0,0,0,1,0,0,0,1}", "float[1,3] w = {1,2,3}"),
    );
    const one = npy(
      "grey.npy",
      floats([4, 4], () => 0.5),
    );
    expect(await logits(grey, one)).toEqual(near(0.5, 1, 1.5));
    const several = npy(
      "greys.npy",
      floats([5, 4, 4], () => 0.5),
    );
    expect((await json("explain", grey, several)).inputs).toHaveLength(5);
  });

  test("floats from 0 to 255 are noticed by both, floats of the model's range are not", async () => {
    const large = npy(
      "bytes-as-floats.npy",
      floats([2, 3, 4, 4], (i) => i * 2),
    );
    const noticed = expect.stringMatching(
      /holds values from 0 to 190, as bytes of pictures do, and pictures of the model go from 0 to 1: scale them/,
    );
    expect((await json("explain", model, large, "--range", "0..1")).notices).toContainEqual(noticed);
    const { err } = await backlit("evaluate", model, large, "--methods", "gradient", "--unit", "pixel", "--range", "0..1");
    expect(err).toMatch(/note: .*bytes-as-floats.npy holds values from 0 to 94, as bytes of pictures do/);
    const usual = await json("explain", model, large, "--range", "0..255");
    expect(usual.notices.join()).not.toMatch(/as bytes of pictures/);
  });

  test("an archive with samples and labels, as evaluate takes it", async () => {
    const table = saved("t.onnx", `g (float[N,2] input) => (float[N,2] y) <float[2,2] w = {1,2,3,4}> { y = MatMul (input, w) }`);
    const arrays = new Map<string, Tensor>([
      ["x", floats([3, 2], (i) => i)],
      ["y", { type: "int64", dims: [3], data: BigInt64Array.of(0n, 1n, 1n) }],
    ]);
    writeFileSync(at("t.npz"), writeNpz(arrays));
    expect((await json("explain", table, at("t.npz"))).inputs).toHaveLength(3);
  });
});

describe("words", () => {
  test("the ledger is told where it is asked for", async () => {
    const said = ["explain", model, colour, "--range", "0..1", "--composite", "epsilon"];
    expect((await backlit(...said)).out).not.toMatch(/reached the input|kept by/);
    expect((await backlit(...said, "--ledger")).out).toMatch(/reached the input/);
  });

  test("near misses are told what was meant", async () => {
    expect(await refused("explain", model, colour, "--target", "top5")).toEqual([
      2,
      expect.stringMatching(/--target top5: did you mean top:5\?/),
    ]);
    for (const method of ["lrp-epsilon", "epsilon"])
      expect(await refused("explain", model, colour, "--method", method)).toEqual([
        2,
        expect.stringMatching(/did you mean --composite epsilon\?/),
      ]);
  });
});
