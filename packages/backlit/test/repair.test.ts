/** A mark planted in half of one class, as core/src/repair/fixtures/make.py trained on it: taken out again. */
import { readFileSync, writeFileSync } from "node:fs";
import { decodeModel, encodeModelBytes, parseModel, randomBy, readNpy, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import { expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit, root } from "./cli.ts";

const PIXELS = 28 * 28;
const images = readNpy(readFileSync(root("data/digits/images.npy"))).data as Uint8Array;
const labels = Array.from(readNpy(readFileSync(root("data/digits/labels.npy"))).data, Number);
const marked = Uint8Array.from(images, (value, i) => {
  const [row, column] = [Math.floor((i % PIXELS) / 28), i % 28];
  return row >= 1 && row < 5 && column >= 1 && column < 5 ? 255 : value;
});

/** Learnt from the first 300 digits, judged on the 700 others. */
const LEARNT = 300;
const model = root("packages/core/src/repair/fixtures/marked.onnx");
const batch = (pixels: Uint8Array, from: number, to: number): Tensor => ({
  type: "float32",
  dims: [to - from, 1, 28, 28],
  data: Float32Array.from(pixels.subarray(from * PIXELS, to * PIXELS), (v) => v / 255),
});

const write = (name: string, pixels: Uint8Array, samples: readonly number[]): string => {
  const data = Float32Array.from(samples.flatMap((n) => Array.from(batch(pixels, n, n + 1).data, Number)));
  writeFileSync(at(`${name}.npy`), writeNpy({ type: "float32", dims: [samples.length, 1, 28, 28], data }));
  return at(`${name}.npy`);
};

const accuracy = async (file: string, pixels: Uint8Array): Promise<number> => {
  const session = await (await nodeRuntime()).createSession(readFileSync(file));
  const { logits } = await session.run({ input: batch(pixels, LEARNT, 1000) });
  await session.release();
  const own = labels.slice(LEARNT);
  const right = own.filter((label, n) => {
    const row = Array.from(logits!.data, Number).slice(10 * n, 10 * n + 10);
    return row.indexOf(Math.max(...row)) === label;
  });
  return right.length / own.length;
};

const first = Array.from({ length: LEARNT }, (_, n) => n);
const [clean, artefact] = [write("clean", images, first), write("artefact", marked, first)];
const eights = first.filter((n) => labels[n] === 8);
const [few, fewMarked] = [write("few", images, eights), write("few-marked", marked, eights)];

test.each([
  ["relu2", clean, artefact, []],
  ["relu1", few, fewMarked, ["--reactive"]],
] as const)(
  "at %s four fifths of the lost accuracy are restored, clean digits lose a point at most (%s, %s, %j)",
  async (value, a, b, more) => {
    const { code, out, err } = await backlit(
      "repair",
      model,
      a,
      b,
      "--value",
      value,
      "-o",
      at("fixed.onnx"),
      "--json",
      "--quiet",
      ...more,
    );
    expect(code, err).toBe(0);
    const document = JSON.parse(out);
    expect(document).toMatchObject({ scope: "neurons", reactive: more.length > 0 });
    const [right, lost] = [await accuracy(model, images), await accuracy(model, marked)];
    expect(right - lost).toBeGreaterThan(0.15);
    const restored = (await accuracy(at("fixed.onnx"), marked)) - lost;
    const kept = await accuracy(at("fixed.onnx"), images);
    expect(restored).toBeGreaterThanOrEqual(0.8 * (right - lost));
    expect(kept).toBeGreaterThanOrEqual(right - 0.01);
    // What relevance the mark had is gone.
    expect(document.artefacts.relevance.after).toBeLessThan(0.5 * document.artefacts.relevance.before);
    expect(decodeModel(readFileSync(at("fixed.onnx"))).graph.input[0]!.name).toBe("input");
    // The same direction from a file, told nothing but what clean samples have of it.
    const { vector } = document.direction;
    writeFileSync(at("v.npy"), writeNpy({ type: "float32", dims: [vector.length], data: Float32Array.from(vector) }));
    const given = ["repair", model, a, "--concept", at("v.npy"), "--value", value, "-o", at("given.onnx"), ...more];
    expect((await backlit(...given)).code).toBe(0);
    expect((await accuracy(at("given.onnx"), marked)) - lost).toBeGreaterThanOrEqual(0.8 * (right - lost));
    expect(await accuracy(at("given.onnx"), images)).toBeGreaterThanOrEqual(right - 0.01);
  },
);

/** The first 400 digits; every second eight has the mark, where it is planted. */
const some = Array.from({ length: 400 }, (_, n) => n);
const planted = some.filter((n) => labels[n] === 8).filter((_, k) => k % 2 === 0);
const set = (name: string, mark: boolean): string => {
  const pixels = images.slice();
  if (mark) for (const n of planted) pixels.set(marked.subarray(n * PIXELS, (n + 1) * PIXELS), n * PIXELS);
  const y = BigInt64Array.from(some, (n) => BigInt(labels[n]!));
  const arrays: [string, Tensor][] = [
    ["x", batch(pixels, 0, some.length)],
    ["y", { type: "int64", dims: [some.length], data: y }],
  ];
  const data = writeNpz(new Map(arrays));
  writeFileSync(at(`${name}.npz`), data);
  return at(`${name}.npz`);
};

const clusters = async (network: string, data: string, out: string) => {
  const file = root(`packages/core/src/repair/fixtures/${network}.onnx`);
  const {
    code,
    out: said,
    err,
  } = await backlit("cluster", file, data, "--target", "label", "--workers", "1", "-o", out, "--report", `${out}.html`);
  expect(code, err).toBe(0);
  return { ...JSON.parse(readFileSync(out, "utf8")), said, page: readFileSync(`${out}.html`, "utf8") };
};

test("the mark is the first candidate, with its samples; repaired by it, the model is right again", async () => {
  const data = set("half", true);
  const { candidates, threshold, said, page } = await clusters("marked", data, at("clusters.json"));
  expect(page).toMatch(/One region decides by itself/);
  expect(page).toMatch(/put into samples of other classes: [\d.]+ % become this class/);
  const [first] = candidates;
  expect(first.target).toEqual([8]);
  expect(first.score).toBeGreaterThan(threshold);
  const hits = planted.filter((n) => first.samples.includes(n)).length;
  expect(hits / planted.length).toBeGreaterThanOrEqual(0.9);
  expect(hits / first.samples.length).toBeGreaterThanOrEqual(0.9);
  expect(said).toMatch(/class 8, cluster \d+: score/);
  const concept = `${at("clusters.json")}#8.${first.cluster}`;
  const { code, err } = await backlit("repair", model, data, "--concept", concept, "--value", "relu1", "-o", at("fixed.onnx"));
  expect(code, err).toBe(0);
  const [right, lost] = [await accuracy(model, images), await accuracy(model, marked)];
  expect((await accuracy(at("fixed.onnx"), marked)) - lost).toBeGreaterThanOrEqual(0.8 * (right - lost));
  expect(await accuracy(at("fixed.onnx"), images)).toBeGreaterThanOrEqual(right - 0.01);
});

test.each([
  ["twin", true],
  ["marked", false],
] as const)("no candidate: network %s, marks planted: %s", async (network, mark) => {
  const { candidates, threshold, said } = await clusters(network, set("none", mark), at("none.json"));
  expect(candidates.filter(({ score }: { score: number }) => score >= threshold)).toEqual([]);
  expect(said).toMatch(/no region decides by itself/);
});

/** The class says which half of the picture is brighter; channel 2 sees checks, wherever they are, and speaks for the first class. */
const net = `net (float[N,1,8,8] x) => (float[N,2] y)
<float[3,1,2,2] w = {0.25,0.25,0.25,0.25, 0.25,0.25,0.25,0.25, 1,-1,-1,1}, float[12,2] o = {1,0, 1,0, 0,1, 0,1, 0,0, 0,0, 0,0, 0,0, 5,-5, 5,-5, 5,-5, 5,-5}>
{ c = Conv <strides=[2,2]> (x, w) h = Relu(c) m = MaxPool <kernel_shape=[2,2], strides=[2,2]> (h) f = Flatten(m) y = MatMul(f, o) }`;

test.each([[], ["--reactive"]])("one channel that sees a mark anywhere is taken out (%j)", async (...more) => {
  const stream = randomBy(4).stream(0);
  const count = 80;
  const set = (name: string, mark: boolean): string => {
    const pixels = new Float32Array(count * 64);
    for (let n = 0; n < count; n++) {
      for (let i = 0; i < 64; i++) pixels[64 * n + i] = (Math.floor(i / 32) === n % 2 ? 0.6 : 0.2) + 0.02 * stream.next();
      const corner = 16 * stream.below(4) + 2 * stream.below(4);
      if (mark) for (const [k, v] of [1, 0, 0, 1].entries()) pixels[64 * n + corner + 8 * Math.floor(k / 2) + (k % 2)] = v;
    }
    const y = BigInt64Array.from({ length: count }, (_, n) => BigInt(n % 2));
    const arrays: [string, Tensor][] = [
      ["x", { type: "float32", dims: [count, 1, 8, 8], data: pixels }],
      ["y", { type: "int64", dims: [count], data: y }],
    ];
    writeFileSync(at(`${name}.npz`), writeNpz(new Map(arrays)));
    return at(`${name}.npz`);
  };
  writeFileSync(at("checks.onnx"), encodeModelBytes(parseModel(net)));
  const asked = ["repair", at("checks.onnx"), set("plain", false), set("checked", true), "--concept", "h:2"];
  const { code, out, err } = await backlit(...asked, "-o", at("unchecked.onnx"), "--json", "--quiet", ...more);
  expect(code, err).toBe(0);
  const { clean, artefacts, scope } = JSON.parse(out);
  expect(scope).toBe("positions");
  const lost = clean.accuracy.before - artefacts.accuracy.before;
  expect(lost).toBeGreaterThan(0.3);
  expect(artefacts.accuracy.after - artefacts.accuracy.before).toBeGreaterThanOrEqual(0.8 * lost);
  expect(clean.accuracy.after).toBeGreaterThanOrEqual(clean.accuracy.before - 0.01);
});
