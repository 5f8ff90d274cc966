/** Targets that are places of the output, on the command line: regions, masks, boxes, tokens, steps. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, readNpy, writeNpy } from "@backlit/core";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const save = (name: string, text: string) => writeFileSync(at(name), encodeModelBytes(parseModel(text)));
const npy = (name: string, dims: readonly number[], values: readonly number[]) =>
  writeFileSync(at(name), writeNpy({ type: "float32", dims, data: Float32Array.from(values) }));
const ids = (name: string, values: readonly number[]) =>
  writeFileSync(at(name), writeNpy({ type: "int64", dims: [1, values.length], data: BigInt64Array.from(values, BigInt) }));
save(
  "segments.onnx",
  "g (float[N,2,4,5] x) => (float[N,3,4,5] y) <float[3,2,1,1] w = {1,-1,-1,1,0.2,0.2}> { z = Conv(x, w) y = Softmax <axis=1> (z) }",
);
save(
  "words.onnx",
  "g (int64[N,S] input_ids) => (float[N,S,6] logits) <float[6,4] table = random(1), float[4,4] q = random(2), float[4,6] w = random(3)> { e = Gather(table, input_ids) t = Transpose <perm=[0,2,1]> (e) m = MatMul(e, q) s = MatMul(m, t) a = Softmax(s) h = MatMul(a, e) r = Add(e, h) logits = MatMul(r, w) }",
);
writeFileSync(at("kinds.txt"), "background\ncat\ndog\n");
npy(
  "scene.npy",
  [1, 2, 4, 5],
  Array.from({ length: 40 }, (_, i) => Math.sin(3 * i + 1)),
);
ids("sentence.npy", [1, 2, 3, 4]);
const labels = ["--labels", at("kinds.txt")];

const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect(code, err).toBe(0);
  return { ...JSON.parse(out), err };
};
const segments = (...more: string[]) => json("explain", at("segments.onnx"), at("scene.npy"), ...labels, ...more);

describe("a segmentation", () => {
  test("explains the largest region, and says so", async () => {
    const { inputs, notices } = await segments();
    expect(inputs[0].target).toMatch(/^region:(cat|dog)$/);
    expect(inputs[0].found.pixels).toBeGreaterThan(0);
    expect(notices.join()).toMatch(/background left out/);
    expect(notices.join()).not.toMatch(/the largest is explained/);
  });
  test("region, pixel, and a mask as a picture or an array", async () => {
    const picture = Buffer.alloc(20, 0).fill(255, 0, 10);
    writeFileSync(
      at("top.png"),
      await sharp(picture, { raw: { width: 5, height: 4, channels: 1 } })
        .png()
        .toBuffer(),
    );
    npy("top.npy", [4, 5], Array.from(picture, Number));
    const masks = await Promise.all(["top.png", "top.npy"].map((file) => segments("--target", `cat@mask:${at(file)}`)));
    expect(masks[0].inputs[0].found).toEqual({ pixels: 10 });
    expect(masks[0].inputs[0].relevance).toEqual(masks[1].inputs[0].relevance);
    const both = await segments("--target", "region:cat", "--target", "dog@pixel:1,2", "--relevance", at("both.npy"));
    expect(both.inputs[0].maps.map((map: { label: string }) => map.label)).toEqual(["region:cat", "dog@pixel:1,2"]);
    const { code, out } = await backlit("explain", at("segments.onnx"), at("scene.npy"), ...labels, "--target", "region:cat");
    expect(code).toBe(0);
    expect(out).toContain("region:cat");
  });
  test("is judged for its region", async () => {
    const { samples } = await json(
      ...["evaluate", at("segments.onnx"), at("scene.npy"), ...labels, "--target", "region:cat", "--methods", "gradient-x-input"],
      ...["--metrics", "faithfulness-estimate", "--score", "logit", "--imputer", "zero", "--workers", "1"],
    );
    expect(samples[0]).toMatchObject({ aim: "region:cat", target: [-2] });
  });
  test.each([
    ["region:cow", /no class is called 'cow'|no class/],
    ["cat@pixel:9,9", /positions run from 0/],
    ["cat@mask:nowhere.npy", /nowhere\.npy/],
    ["pair:other.npy", /other\.npy/],
  ])("there is no %s", async (target, words) => {
    const { code, err } = await backlit("explain", at("segments.onnx"), at("scene.npy"), ...labels, "--target", target);
    expect(code).toBe(1);
    expect(err).toMatch(words);
  });
  test("a compiled model takes a pixel, and of regions a direction", async () => {
    const compile = (...more: string[]) => backlit("compile", at("segments.onnx"), "-o", at("out.onnx"), ...labels, ...more);
    expect((await compile("--target", "cat@pixel:1,2")).code).toBe(0);
    const refused = await compile("--target", "region:cat");
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/--seed direction/)]);
    const { code, out } = await compile("--seed", "direction", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).inputs).toEqual([{ name: "seed", type: "float", dims: [null, 3, 4, 5] }]);
  });
});

test("a language model: the winner at the end, and a span token by token", async () => {
  const explain = (...more: string[]) => json("explain", at("words.onnx"), at("sentence.npy"), ...more);
  expect((await explain()).inputs[0].target).toMatch(/^\d@last$/);
  const steps = await explain("--target", "span:1..3", "--per-step", "--relevance", at("steps.npy"));
  expect(steps.inputs[0].maps).toHaveLength(3);
  const { err, code } = await backlit(
    "explain",
    at("words.onnx"),
    at("sentence.npy"),
    "--target",
    "span:1..3",
    "--per-step",
    "2",
  );
  expect([code, err]).toEqual([1, expect.stringMatching(/3 maps/)]);
});

test("a pair: which parts make two inputs similar", async () => {
  save(
    "embed.onnx",
    "g (float[N,3,4,4] x) => (float[N,2] embedding) <float[2,3,4,4] w = random(1), int64[2] s = {0,-1}> { z = Conv(x, w) embedding = Reshape(z, s) }",
  );
  const picture = (name: string, from: number) =>
    npy(
      name,
      [1, 3, 4, 4],
      Array.from({ length: 48 }, (_, i) => Math.cos(from + i)),
    );
  picture("one.npy", 1);
  picture("two.npy", 2);
  const compared = ["explain", at("embed.onnx"), at("one.npy"), "--target", `pair:${at("two.npy")}`];
  const { rows, cells } = await json(...compared, "--relevance", at("pairs.npy"));
  expect(cells).toEqual([4, 4]);
  const { dims, data } = readNpy(readFileSync(at("pairs.npy")));
  expect(dims).toEqual([1, 16, 16]);
  expect((data as Float32Array).reduce((sum, v) => sum + v, 0)).toBeCloseTo(rows[0].similarity, 3);
  const { code, out } = await backlit(...compared);
  expect([code, out]).toEqual([0, expect.stringMatching(/cosine -?\d\.\d{4}, 4×4 cells/)]);
  const [sums] = rows[0].marginals;
  expect(sums.reduce((a: number, b: number) => a + b, 0)).toBeCloseTo(rows[0].similarity, 3);
  expect((await json(...compared, "--grid", "2,3")).cells).toEqual([2, 3]);
  const fine = await backlit(...compared, "--grid", "40,7");
  expect([fine.code, fine.err]).toEqual([1, expect.stringMatching(/grid of 40,7.*1 to 32 cells/)]);
  const alone = await backlit("explain", at("embed.onnx"), at("one.npy"), "--target", "0", "--grid", "2,3");
  expect([alone.code, alone.err]).toEqual([2, expect.stringMatching(/--target pair:FILE/)]);
  const drawn = await backlit(...compared, "--heatmap", at("pair.svg"), "--report", at("pair.html"), "--quiet");
  expect(drawn.code, drawn.err).toBe(0);
  const svg = readFileSync(at("pair.svg"), "utf8");
  expect(svg).toContain("cosine ");
  expect(svg).toMatch(/makes them alike/);
  expect(readFileSync(at("pair.html"), "utf8")).toContain("10 pairs of parts");
  expect((await backlit(...compared, "--heatmap", at("pair.png"), "--quiet")).code).toBe(0);
  expect((await sharp(readFileSync(at("pair.png"))).metadata()).width).toBeGreaterThan(600);
});
test.each([
  [["--style", "overlay"], /--style with a pair/],
  [["--seed", "logit"], /--seed with a pair/],
  [["--ledger"], /--ledger with a pair/],
  [["--per-step"], /--per-step with a pair/],
  [["--relevance", "pairs.npz"], /pairs are one array/],
  [["--target", "1"], /in a run of its own/],
])("what a pair has not is refused: %j", async (more, words) => {
  const compared = ["explain", at("embed.onnx"), at("one.npy"), "--target", `pair:${at("two.npy")}`];
  const { code, err } = await backlit(...compared, ...more);
  expect([code, err]).toEqual([2, expect.stringMatching(words)]);
});

test("a detector: boxes above a score", async () => {
  save(
    "boxes.onnx",
    "g (float[N,2,3,3] images) => (float[N,9,4] boxes, float[N,9,2] scores) <float[4,2,1,1] wb = random(1), float[2,2,1,1] wc = {9,0,0,9}, float[2] bc = {-4,-4}, int64[3] b = {0,4,9}, int64[3] c = {0,2,9}> { z = Conv(images, wb) r = Reshape(z, b) boxes = Transpose <perm=[0,2,1]> (r) k = Conv(images, wc, bc) q = Reshape(k, c) t = Transpose <perm=[0,2,1]> (q) scores = Sigmoid(t) }",
  );
  npy(
    "things.npy",
    [1, 2, 3, 3],
    Array.from({ length: 18 }, (_, i) => Number(i === 4 || i === 9)),
  );
  const explain = (...more: string[]) => json("explain", at("boxes.onnx"), at("things.npy"), ...more);
  const { inputs } = await explain("--target", "box:1");
  expect(inputs[0].found).toMatchObject({ class: 0, anchor: 4 });
  expect((await explain()).inputs[0].label).toBe("box:0 (1)");
  const { code, err } = await backlit("explain", at("boxes.onnx"), at("things.npy"), "--least-score", "0.999");
  expect([code, err]).toEqual([1, expect.stringMatching(/nothing is detected/)]);
});

describe("a detector that gives its heads' maps alone", () => {
  const sizes = "4,6,9,5,12,14,20,12,14,25,30,28";
  const conv = (k: number, stride: number) =>
    `float[21,3,${stride},${stride}] w${k} = random(${k}), float[21] b${k} = random(${k + 5})`;
  const raw = `g (float[N,3,32,32] images) => (float[N,21,4,4] p0, float[N,21,2,2] p1) <float gain = {0.1}, ${conv(0, 8)}, ${conv(1, 16)}> { x = Mul(images, gain) p0 = Conv <strides=[8,8]> (x, w0, b0) p1 = Conv <strides=[16,16]> (x, w1, b1) }`;
  const found = async (model: string, ...more: string[]) =>
    (await json("explain", at(model), at("street.npy"), ...more)).inputs[0].found;
  beforeAll(() => {
    save("raw.onnx", raw);
    npy(
      "street.npy",
      [1, 3, 32, 32],
      Array.from({ length: 3072 }, (_, i) => Math.sin(i * 0.37)),
    );
    writeFileSync(at("two.txt"), "cat\ndog\n");
    writeFileSync(at("anchors.txt"), `${sizes.replaceAll(",", "\n")}\n`);
    const lists = [sizes.split(",").slice(0, 6), sizes.split(",").slice(6)].map((scale) => scale.map(Number));
    writeFileSync(
      at("anchors.json"),
      JSON.stringify({ anchors: lists.map((scale) => [0, 2, 4].map((i) => scale.slice(i, i + 2))) }),
    );
    mkdirSync(at("raw-folder"));
    save("raw-folder/model.onnx", raw);
    writeFileSync(at("raw-folder/config.json"), JSON.stringify({ backlit: { anchors: lists, detections: { iou: 1 } } }));
  });

  test("anchors in words, in files of either form, beside the model", async () => {
    const own = await found("raw.onnx", "--anchors", sizes, "--target", "box:1", "--overlap", "1");
    expect(own.box).toHaveLength(4);
    for (const file of ["anchors.txt", "anchors.json"])
      expect(await found("raw.onnx", "--anchors", at(file), "--target", "box:1", "--overlap", "1")).toEqual(own);
    expect(await found("raw-folder", "--target", "box:1")).toEqual(own);
    const wide = await found("raw.onnx", "--anchors", sizes, "--target", "box:1", "--overlap", "1", "--box-decoder", "yolov3");
    expect(wide.box).not.toEqual(own.box);
  });

  test.each([
    [[], /raw heads.*--anchors yolov5/],
    [["--anchors", "yolov5"], /they are of 3, the model has 2 scales/],
    [["--anchors", "none.txt"], /cannot read the anchors/],
    [["--anchors", "1,2,3"], /as many widths and heights/],
    [["--anchors", "yolo"], /nobody of that name.*yolov5/],
  ])("what is missing or does not fit: %j", async (more, words) => {
    const { code, err } = await backlit("explain", at("raw.onnx"), at("street.npy"), "--labels", at("two.txt"), ...more);
    expect([code, err]).toEqual([1, expect.stringMatching(words)]);
  });
});
