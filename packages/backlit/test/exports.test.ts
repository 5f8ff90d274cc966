/** Kinds of exports as frameworks write them, each tiny: explained and evaluated from the bare file. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const saved = (name: string, text: string) => {
  writeFileSync(at(name), encodeModelBytes(parseModel(text)));
  return at(name);
};
const float = (dims: readonly number[], data: readonly number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(data),
});
const png = async (name: string, r: number, g: number, b: number) => {
  const file = await sharp({ create: { width: 4, height: 4, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();
  writeFileSync(at(name), file);
  return at(name);
};
const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(out);
};

/** Three pictures in subfolders, a class each. */
const folder = async (name: string) => {
  mkdirSync(at(name), { recursive: true });
  for (const [n, rgb] of [
    [250, 20, 10],
    [10, 200, 30],
    [20, 10, 240],
  ].entries())
    await png(`${name}/${n}.png`, ...(rgb as [number, number, number]));
  return at(name);
};

describe("a net that takes a picture's bytes", () => {
  const model = saved(
    "bytes.onnx",
    `<ir_version: 8, opset_import: ["" : 18]> g (uint8[N,4,4,3] image) => (float[N,3] logits)
    <float scale = {0.00392156862}, int64[2] axes = {2,3}, float[3,3] w = {8,0,0,0,8,0,0,0,8}> {
      t = Transpose <perm = [0, 3, 1, 2]> (image) f = Cast <to = 1> (t) x = Mul (f, scale)
      m = ReduceMean <keepdims = 0> (x, axes) logits = MatMul (m, w) }`,
  );

  test("files and arrays of bytes are fed as they are, and drawn", async () => {
    const file = await png("red.png", 255, 51, 0);
    const { inputs, notices } = await json("explain", model, file, "--heatmap", at("bytes.png"));
    expect(inputs[0].top.map(({ index, logit }: { index: number; logit: number }) => [index, logit])).toEqual([
      [0, expect.closeTo(8, 4)],
      [1, expect.closeTo(1.6, 4)],
      [2, expect.closeTo(0, 4)],
    ]);
    expect(notices).toContain("no preprocessor_config.json: guessed 4x4 pixels (--size)");
    expect((await sharp(at("bytes.png")).metadata()).width).toBeGreaterThan(400);
    const data = Uint8Array.from({ length: 48 }, (_, i) => [255, 51, 0][i % 3]!);
    writeFileSync(at("bytes.npy"), writeNpy({ type: "uint8", dims: [1, 4, 4, 3], data }));
    expect((await json("explain", model, at("bytes.npy"))).inputs[0].top).toEqual(inputs[0].top);
  });

  test("there is no mean to be said, nor preprocessing to be put in front", async () => {
    const file = await png("green.png", 0, 255, 0);
    expect(await backlit("explain", model, file, "--std", "0.5")).toMatchObject({
      code: 1,
      err: "backlit: --mean, --std, --range: the model takes bytes: leave them out\n",
    });
    expect((await backlit("explain", model, file, "--size", "4", "--range", "0..255")).code).toBe(0);
    expect((await backlit("compile", model, "-o", at("p.onnx"), "--preprocess")).err).toMatch(/takes a picture's bytes already/);
  });

  test("evaluated on a folder, with a film of what the model saw", async () => {
    const said = ["--methods", "auto", "--metrics", "pixel-flipping", "--unit", "pixel", "--out", at("bytes-run")];
    const { code, err } = await backlit("evaluate", model, await folder("byte-photos"), ...said);
    expect([code, err.match(/^backlit: .*/m)]).toEqual([0, null]);
    expect(readFileSync(at("bytes-run/report.html"), "utf8")).toMatch(/data:image/);
  });
});

test("a batch of one row that is baked in is evaluated sample by sample, its film too", async () => {
  const model = saved(
    "one-row.onnx",
    `<ir_version: 8, opset_import: ["" : 18]> g (float[1,3,4,4] x) => (float[1,3] logits)
    <int64[2] axes = {2,3}, int64[2] row = {1,3}, float[3,3] w = {8,0,0,0,8,0,0,0,8}> {
      m = ReduceMean <keepdims = 0> (x, axes) t = Transpose <perm = [1, 0]> (m) r = Reshape (t, row) logits = MatMul (r, w) }`,
  );
  const data = await folder("row-photos");
  const { reading } = await json("inspect", model);
  expect(reading.samples).toMatchObject({ independent: true });
  const said = ["--methods", "auto", "--metrics", "pixel-flipping", "--unit", "pixel", "--range", "0..1"];
  const { code, err } = await backlit("evaluate", model, data, ...said, "--out", at("row-run"));
  expect([code, err.match(/^backlit: .*/m)]).toEqual([0, null]);
  expect(readFileSync(at("row-run/report.html"), "utf8").match(/2\.png/)).not.toBeNull();
});

describe("a net of a picture and a table", () => {
  const model = saved(
    "two.onnx",
    `<ir_version: 8, opset_import: ["" : 18]> g (float[N,3,4,4] image, float[N,2] table) => (float[N,2] logits)
    <int64[2] axes = {2,3}, float[3,2] w = {0,4,0,0,0,0}, float[2,2] v = {0,0,0,2}> {
      m = ReduceMean <keepdims = 0> (image, axes) a = MatMul (m, w) b = MatMul (table, v) logits = Add (a, b) }`,
  );
  writeFileSync(at("patient.csv"), "age,pressure\n1.5,2\n");
  const said = ["--range", "0..1", "--input", `table=${at("patient.csv")}`];

  test("both are drawn, each as what it is, with its part", async () => {
    const file = await png("two.png", 255, 0, 0);
    const { code, out } = await backlit("explain", model, file, ...said, "--report", at("two.html"), "--heatmap", at("two.svg"));
    expect(code).toBe(0);
    expect(out).toMatch(/image: 50\.0 % of Σ\|R\|\n {2}table: 50\.0 % of Σ\|R\|\n {2}pressure +2 /);
    for (const name of ["two.html", "two.svg"]) {
      const drawn = readFileSync(at(name), "utf8");
      expect(drawn).toMatch(/pressure/);
      expect(drawn).toMatch(/data:image/);
      expect(drawn).toMatch(/table: 50\.0 % of Σ\|R\|/);
    }
    const both = await json("explain", model, "--input", `image=${file}`, ...said);
    expect(both.inputs[0].features).toMatchObject([
      { name: "age", relevance: 0 },
      { name: "pressure", relevance: expect.closeTo(4, 4) },
    ]);
  });

  test("evaluated from an archive: one row has no neighbours to blur", async () => {
    const count = 4;
    writeFileSync(
      at("two.npz"),
      writeNpz(
        new Map(
          Object.entries({
            image: float(
              [count, 3, 4, 4],
              Array.from({ length: count * 48 }, (_, i) => (i % 7) / 7),
            ),
            table: float([count, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
          }),
        ),
      ),
    );
    const { code, err } = await backlit("evaluate", model, at("two.npz"), "--methods", "auto", "--metrics", "srg");
    expect([code, err.match(/^backlit: .*/m)]).toEqual([0, null]);
  });
});

test("columns beside embeddings of categories are filled with their means, what is looked up with 0", async () => {
  const model = saved(
    "embedded.onnx",
    `<ir_version: 8, opset_import: ["" : 18]> g (float[N,2] numbers, int64[N,1] categories) => (float[N,2] logits)
    <float[3,2] e = {1,0,0,1,1,1}, int64 zero = {0}, float[4,2] w = {1,0,0,1,1,0,0,2}> {
      c = Gather <axis = 1> (categories, zero) v = Gather (e, c) x = Concat <axis = 1> (numbers, v) logits = MatMul (x, w) }`,
  );
  const count = 3;
  writeFileSync(
    at("embedded.npz"),
    writeNpz(
      new Map(
        Object.entries({
          numbers: float([count, 2], [1, 2, 3, 4, 5, 9]),
          categories: { type: "int64", dims: [count, 1], data: BigInt64Array.from([0n, 1n, 2n]) } as Tensor,
        }),
      ),
    ),
  );
  const { code, err } = await backlit("evaluate", model, at("embedded.npz"), "--methods", "epsilon", "--metrics", "srg");
  expect([code, err.match(/^backlit: .*/m)]).toEqual([0, null]);
  expect(err).toMatch(/the means of the data's columns, and 0 of what is looked up inside the model/);
});

test("a bag whose rows are no steps of time is evaluated by the layout that explains it", async () => {
  const model = saved(
    "bag.onnx",
    `<ir_version: 8, opset_import: ["" : 18]> g (float[N,rows,3] bag) => (float[N,3] logits)
    <int64[1] axis = {1}, float[3,3] w = {8,0,0,0,8,0,0,0,8}> { m = ReduceMean <keepdims = 0> (bag, axis) logits = MatMul (m, w) }`,
  );
  writeFileSync(
    at("bag.npy"),
    writeNpy(
      float(
        [2, 70, 3],
        Array.from({ length: 420 }, (_, i) => (i % 11) / 11),
      ),
    ),
  );
  const { code, err } = await backlit("evaluate", model, at("bag.npy"), "--layout", "NSF", "--methods", "epsilon");
  expect([code, err.match(/^backlit: .*/m)]).toEqual([0, null]);
});

describe("volumes of bytes in a data set", () => {
  const MEAN = (scale: string) =>
    `<ir_version: 8, opset_import: ["" : 18]> g (float[N,1,2,2,2] x) => (float[N,2] logits) <int64[3] axes = {2,3,4}, float[1,2] w = {4,-4}, float by = {0.003921569}> {
      ${scale} m = ReduceMean <keepdims = 0> (f, axes) logits = MatMul (m, w) }`;
  const plain = saved("volume.onnx", MEAN("f = Identity (x)"));
  const scaling = saved("scaling-volume.onnx", MEAN("f = Mul (x, by)"));
  const volumes = (name: string, values: readonly number[]) => {
    const data = Uint8Array.from({ length: 32 }, (_, i) => values[i % values.length]!);
    writeFileSync(at(name), writeNpz(new Map([["x", { type: "uint8", dims: [4, 1, 2, 2, 2], data } as Tensor]])));
    return at(name);
  };
  const judged = async (model: string, data: string) => {
    const { code, err } = await backlit("evaluate", model, data, "--methods", "epsilon", "--metrics", "completeness");
    expect([code, err.match(/^backlit: .*/m)]).toEqual([0, null]);
    return { said: /holds bytes: brought to 0\.\.1/.test(err) };
  };

  test("are brought to 0..1 as explain does it; not masks of 0 and 1, nor where the model scales them", async () => {
    const file = volumes("bytes.npz", [0, 51, 204, 255]);
    expect([(await judged(plain, file)).said, (await judged(scaling, file)).said]).toEqual([true, false]);
    expect((await judged(plain, volumes("mask.npz", [0, 1]))).said).toBe(false);
    // The same numbers reach the layers either way.
    const one = (dims: readonly number[]) => {
      writeFileSync(
        at("one.npy"),
        writeNpy({ type: "uint8", dims, data: Uint8Array.from({ length: 8 }, (_, i) => [0, 51, 204, 255][i % 4]!) }),
      );
      return at("one.npy");
    };
    const logit = async (model: string) => (await json("explain", model, one([1, 1, 2, 2, 2]))).inputs[0].top[0].logit;
    expect(await logit(plain)).toBeCloseTo(2, 4);
    expect(await logit(scaling)).toBeCloseTo(2, 4);
  });
});
