/** `evaluate` where samples, channels and steps lie elsewhere than in pictures; and pictures prepared as `--layout` says. */
import { writeFileSync } from "node:fs";
import { encodeModelBytes, encodePng, parseModel, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const save = (name: string, text: string): string => {
  writeFileSync(at(name), encodeModelBytes(parseModel(text)));
  return at(name);
};
const floats = (...dims: number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7)),
});
const judged = (model: string, data: string, ...more: string[]) =>
  backlit("evaluate", model, data, "--methods", "gradient-x-input", "--workers", "1", "--json", ...more);

const CONV = "float[2,3,3] k = random(1), float[2,2] w = random(2), int64[1] last = {2}";
const REST = "r = Relu(c) p = ReduceMean <axes=[2], keepdims=0> (r) y = MatMul(p, w)";
const channelsFirst = () =>
  save("ncl.onnx", `net (float[N,3,8] x) => (float[N,2] y) <${CONV}> { c = Conv <pads=[1,1]> (x, k) ${REST} }`);
const channelsLast = () =>
  save(
    "nlc.onnx",
    `net (float[N,8,3] x) => (float[N,2] y) <${CONV}> { t = Transpose <perm=[0,2,1]> (x) c = Conv <pads=[1,1]> (t, k) ${REST} }`,
  );

describe("masks of series", () => {
  const x = floats(4, 3, 8);
  const turned: Tensor = {
    ...floats(4, 8, 3),
    data: Float32Array.from(
      { length: 96 },
      (_, i) => x.data[Math.floor(i / 24) * 24 + (i % 3) * 8 + (Math.floor(i / 3) % 8)] as number,
    ),
  };
  const masks: Tensor = { type: "uint8", dims: [4, 8], data: Uint8Array.from({ length: 32 }, (_, i) => Number(i % 8 < 3)) };
  const scores = async (model: string, name: string, data: Tensor) => {
    writeFileSync(
      at(name),
      writeNpz(
        new Map([
          ["x", data],
          ["masks", masks],
        ]),
      ),
    );
    const { code, out, err } = await judged(model, at(name), "--metrics", "localisation");
    expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
    return JSON.parse(out).tables.map((table: { values: unknown }) => table.values);
  };
  test("lie over the steps, whichever axis counts them", async () => {
    const first = await scores(channelsFirst(), "ncl.npz", x);
    expect(await scores(channelsLast(), "nlc.npz", turned)).toEqual(first);
    expect(JSON.stringify(first)).toMatch(/0\.\d/);
  });
});

describe("samples elsewhere", () => {
  const evaluated = async (model: string, name: string, data: Tensor) => {
    writeFileSync(at(name), writeNpy(data));
    const { code, out, err } = await judged(model, at(name), "--metrics", "srg", "--imputer", "zero");
    expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
    return JSON.parse(out);
  };
  test("steps in front: the scores are those of the same net with its samples in front", async () => {
    const lstm = (input: string, before: string, x: string) => `net (${input}) => (float[N,2] y)
      <float[1,16,3] a = random(1), float[1,16,4] r = random(2), float[4,2] w = random(3), int64[1] z = {0}>
      { ${before} o, h = LSTM <hidden_size=4> (${x}, a, r) s = Squeeze(h, z) y = MatMul(s, w) }`;
    const time = save("tnf.onnx", lstm("float[7,N,3] x", "", "x"));
    const batch = save("ntf.onnx", lstm("float[N,7,3] x", "t = Transpose <perm=[1,0,2]> (x)", "t"));
    const [got, want] = [await evaluated(time, "t.npy", floats(5, 7, 3)), await evaluated(batch, "t.npy", floats(5, 7, 3))];
    expect(got.samples.map(({ target }: { target: unknown }) => target)).toEqual(
      want.samples.map(({ target }: { target: unknown }) => target),
    );
    for (const [k, { values }] of got.tables.entries())
      for (const [m, row] of values.entries())
        for (const [n, value] of row.entries()) expect(value).toBeCloseTo(want.tables[k].values[m][n], 5);
  });
  test("members of a bag: each bag is a sample; a bag alone is none of many", async () => {
    const bag = save(
      "bag.onnx",
      "net (float[V,4] x) => (float[1,2] y) <float[4,2] w = random(1)> { p = ReduceMean <axes=[0]> (x) y = MatMul(p, w) }",
    );
    const { samples, tables } = await evaluated(bag, "bags.npy", floats(5, 6, 4));
    expect([samples.length, tables[0].values[0].length]).toEqual([5, 5]);
    writeFileSync(at("one.npy"), writeNpy(floats(6, 4)));
    const { code, err } = await judged(bag, at("one.npy"));
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^(note: .*\n)*backlit: 6 samples where the model takes 1: .*samples in front/),
    ]);
  });
});

describe("--layout", () => {
  test("reaches the preparation of pictures", async () => {
    const model = save(
      "either.onnx",
      "net (float[N,3,6,3] x) => (float[N,2] y) <float[54,2] w = random(1)> { f = Flatten(x) y = MatMul(f, w) }",
    );
    writeFileSync(at("p.png"), encodePng({ width: 12, height: 12, data: new Uint8ClampedArray(576).fill(128) } as never));
    const notes = async (...more: string[]) => (await backlit("explain", model, at("p.png"), ...more)).err;
    expect(await notes()).toContain("guessed 3x6 pixels");
    expect(await notes("--layout", "NHWC")).toContain("guessed 6x3 pixels");
  });
});
