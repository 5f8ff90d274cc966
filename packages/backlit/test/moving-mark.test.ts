/** A mark anywhere along the frame, planted in half of one class, as core/src/repair/fixtures/make_moving.py trained on it: found, and taken out again. */
import { readFileSync, writeFileSync } from "node:fs";
import { randomBy, readNpy, type Tensor, writeNpz } from "@backlit/core";
import { expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit, root } from "./cli.ts";

const [SIDE, PIXELS, MARK] = [28, 28 * 28, 6];
const images = readNpy(readFileSync(root("data/digits/images.npy"))).data as Uint8Array;
const labels = Array.from(readNpy(readFileSync(root("data/digits/labels.npy"))).data, Number);
const fixture = (name: string): string => root(`packages/core/src/repair/fixtures/${name}.onnx`);

/** A chequered square somewhere along the frame of each picture. */
const marked = images.slice();
for (let n = 0; n < labels.length; n++) {
  const stream = randomBy(11).stream(n);
  const [along, last] = [stream.below(SIDE - MARK + 1), SIDE - MARK];
  const places = [
    [0, along],
    [last, along],
    [along, 0],
    [along, last],
  ] as const;
  const [top, left] = places[stream.below(4)]!;
  for (let i = 0; i < MARK; i++)
    for (let j = 0; j < MARK; j++) marked[n * PIXELS + (top + i) * SIDE + left + j] = 255 * ((i + j) % 2);
}

const batch = (pixels: Uint8Array, samples: readonly number[]): Tensor => ({
  type: "float32",
  dims: [samples.length, 1, SIDE, SIDE],
  data: Float32Array.from(samples.flatMap((n) => Array.from(pixels.subarray(n * PIXELS, (n + 1) * PIXELS), (v) => v / 255))),
});

const write = (name: string, samples: readonly number[], pixelsOf: (n: number) => Uint8Array): string => {
  const all = images.slice();
  for (const n of samples) all.set(pixelsOf(n).subarray(n * PIXELS, (n + 1) * PIXELS), n * PIXELS);
  const y = BigInt64Array.from(samples, (n) => BigInt(labels[n]!));
  const arrays: [string, Tensor][] = [
    ["x", batch(all, samples)],
    ["y", { type: "int64", dims: [samples.length], data: y }],
  ];
  writeFileSync(at(`${name}.npz`), writeNpz(new Map(arrays)));
  return at(`${name}.npz`);
};

/** The first 400 digits, every second eight of which has the mark; judged on the 600 others. */
const first = Array.from({ length: 400 }, (_, n) => n);
const others = Array.from({ length: 600 }, (_, n) => 400 + n);
const planted = first.filter((n) => labels[n] === 8).filter((_, k) => k % 2 === 0);
const half = write("half", first, (n) => (planted.includes(n) ? marked : images));

const accuracy = async (file: string, pixels: Uint8Array): Promise<number> => {
  const session = await (await nodeRuntime()).createSession(readFileSync(file));
  const { logits } = await session.run({ input: batch(pixels, others) });
  await session.release();
  const right = others.filter((sample, n) => {
    const row = Array.from(logits!.data, Number).slice(10 * n, 10 * n + 10);
    return row.indexOf(Math.max(...row)) === labels[sample];
  });
  return right.length / others.length;
};

const clusters = async (network: string, data: string, out: string, ...more: readonly string[]) => {
  const asked = ["cluster", fixture(network), data, "--target", "label", "--workers", "1", ...more];
  const { code, out: said, err } = await backlit(...asked, "-o", out, "--report", `${out}.html`);
  expect(code, err).toBe(0);
  return { ...JSON.parse(readFileSync(out, "utf8")), said, page: readFileSync(`${out}.html`, "utf8") };
};

test("the mark is the first candidate, wherever it is, with its samples", async () => {
  const { candidates, threshold, said, page } = await clusters("moving", half, at("moving.json"));
  const [found] = candidates;
  expect(found.target).toEqual([8]);
  expect(found.score).toBeGreaterThan(threshold);
  const hits = planted.filter((n) => found.samples.includes(n)).length;
  expect(hits / planted.length).toBeGreaterThanOrEqual(0.9);
  expect(hits / found.samples.length).toBeGreaterThanOrEqual(0.9);
  expect(candidates.filter(({ score }: { score: number }) => score >= threshold)).toHaveLength(1);
  expect(said).toMatch(/class 8, anywhere: score/);
  expect(said).toMatch(/a window of 7 × 7, at another place in each sample/);
  expect(page).toMatch(/class 8, anywhere: score/);
});

test.each([
  ["moving-twin", half],
  ["moving", write("none", first, () => images)],
])("no candidate: network %s", async (network, data) => {
  const { candidates, threshold, said } = await clusters(network, data, at("none.json"), "--limit", "200");
  expect(candidates.filter(({ score }: { score: number }) => score >= threshold)).toEqual([]);
  expect(said).toMatch(/no region decides by itself/);
});

test.each([
  ["what cluster found", "svm", [half, "--concept", `${at("moving.json")}#8.anywhere`]],
  [
    "digits without it and with it",
    "pattern",
    [write("clean", first, () => images), write("with", first, () => marked), "--scope", "patches"],
  ],
] as const)(
  "repaired by %s (%s), four fifths of the lost accuracy are restored, clean digits lose a point at most",
  async (_, method, data) => {
    const asked = ["repair", fixture("moving"), ...data, "--value", "conv3", "-o", at("fixed.onnx")];
    const { code, out, err } = await backlit(...asked, "--json", "--quiet");
    expect(code, err).toBe(0);
    const { scope, direction, tried } = JSON.parse(out);
    // The default takes one, and says how well the other does.
    expect(direction.method).toBe(method);
    expect(tried.map((one: { method: string }) => one.method)).toEqual(["pattern", "svm"]);
    expect(tried).toContainEqual({ scope, method, separated: direction.separated });
    const [right, lost] = [await accuracy(fixture("moving"), images), await accuracy(fixture("moving"), marked)];
    expect(scope).toBe("patches");
    expect(right - lost).toBeGreaterThan(0.7);
    expect((await accuracy(at("fixed.onnx"), marked)) - lost).toBeGreaterThanOrEqual(0.8 * (right - lost));
    expect(await accuracy(at("fixed.onnx"), images)).toBeGreaterThanOrEqual(right - 0.01);
  },
);
