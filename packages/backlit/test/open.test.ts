/** An open model answers files, pictures, texts, bytes and tables with names; tensors as the core does. */
import { readFile } from "node:fs/promises";
import { readNpy, type Tensor } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeFiles } from "../src/host/files.ts";
import { load, openModel, readPicture } from "../src/index.ts";
import { root } from "./cli.ts";

type Open = Awaited<ReturnType<typeof load>>;

describe("digits", () => {
  let lit: Open;
  let tensor: Tensor;
  const input = root("conformance/real/digits/inputs/input.npy");
  beforeAll(async () => {
    lit = await load(root("models/digits"));
    tensor = readNpy(await readFile(input));
  });
  afterAll(() => lit.release());

  test("a file by its name: targets, prediction and maps have names", async () => {
    const { data, dims } = tensor;
    const raw = await lit.explain({ ...tensor, dims: [1, ...dims.slice(1)], data: (data as Float32Array).slice(0, 784) });
    const [why] = await lit.explainAll([input]);
    expect(why!.target.index).toBe(raw.target[0]![0]);
    expect(why!.prediction[0]).toMatchObject({ index: why!.target.index, label: String(why!.target.index) });
    expect(why!.relevance.dims).toEqual([1, 28, 28]);
    const largest = raw.relevance.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const [i, value] of why!.relevance.data.entries())
      expect(Math.abs(value - raw.relevance.data[i]!)).toBeLessThan(1e-5 * largest);
  });

  test("several targets are a map each, drawn in one figure", async () => {
    const why = await lit.explain(input, { target: [3, "5"], ledger: true, layers: [] });
    expect(why.maps.map(({ target }) => target.label)).toEqual(["3", "5"]);
    expect(why.maps.every(({ ledger }) => ledger !== undefined)).toBe(true);
    const png = (await why.view().png())!;
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe("PNG");
    expect((await why.view().html()).body).toContain("<figcaption>3");
  });

  test("at, start, method and seed mean one thing each", async () => {
    const [contrast, plain] = [await lit.explain(input, { start: "contrastive" }), await lit.explain(input, { start: "logit" })];
    expect(contrast.hash).not.toBe(plain.hash);
    const noisy = await lit.explain(input, { method: "smoothgrad", params: { samples: 3 }, seed: 5, at: "input" });
    const again = await lit.explain(input, { method: "smoothgrad", params: { samples: 3 }, seed: 5, at: "input" });
    expect(noisy.relevance.data).toEqual(again.relevance.data);
  });

  test.each<[string, () => Promise<unknown>, string, RegExp]>([
    ["a file that is not there", () => lit.explain("nothing.npy"), "NotFound", /no such file \(nothing\.npy\)/],
    ["a class that there is not", () => lit.explain(input, { target: "eleven" }), "BadTarget", /eleven/],
    ["bytes that are nothing", () => lit.explain(Uint8Array.of(0, 1, 2, 200)), "BadInput", /input 1/],
    ["a model that is not there", () => load("no/such.onnx"), "NotFound", /no such model/],
  ])("%s is refused in words", async (_, ask, tag, message) => {
    await expect(ask()).rejects.toMatchObject({ _tag: tag, message: expect.stringMatching(message) });
  });

  test("stopped by its signal", async () => {
    const stop = AbortSignal.abort();
    await expect(lit.explain(input, { method: "kernel-shap", signal: stop })).rejects.toMatchObject({ _tag: "Aborted" });
  });
});

test("a model by its bytes, by files and by an opened bundle is one model", async () => {
  const bytes = new Uint8Array(await readFile(root("models/digits/model.onnx")));
  const below = nodeFiles();
  const inside = (path: string) => root(`models/digits/${path}`);
  const files = {
    info: (path: string) => below.info(inside(path)),
    list: (path: string) => below.list(inside(path)),
    read: (path: string) => below.read(inside(path)),
    slice: (path: string, offset: number, length: number) => below.slice(inside(path), offset, length),
  };
  const models = await Promise.all([load(bytes), load(files), openModel("digits").then((bundle) => load(bundle))]);
  const hashes = await Promise.all(models.map((lit) => lit.sha256));
  expect(new Set(hashes).size).toBe(1);
  expect(models[1]!.labels).toEqual(models[2]!.labels);
  await Promise.all(models.map((lit) => lit.release()));
});

test("pixels and a picture's bytes are the picture's file", async () => {
  await using lit = await load("digits");
  const path = root("data/photos/cat.jpg");
  const [file, pixels, bytes] = await Promise.all([
    lit.explain(path),
    readPicture(path).then((read) => lit.explain(read)),
    readFile(path).then((read) => lit.explain(new Uint8Array(read))),
  ]);
  expect(pixels!.relevance).toEqual(file!.relevance);
  expect(bytes!.relevance).toEqual(file!.relevance);
  expect([file!.name, pixels!.name, bytes!.name]).toEqual([path, "input 1", "input 1"]);
  expect(await lit.predict(path)).toEqual(file!.prediction);
});

test("a sentence is an input of its own; what it draws is words", async () => {
  await using lit = await load("text-sentiment");
  const why = await lit.explain("A quiet, wonderful film.");
  expect(why.target.label).toBe("positive");
  expect(Buffer.from((await why.view().png())!.subarray(1, 4)).toString()).toBe("PNG");
  expect(await why.view().svg()).toContain(">wonderful</text>");
  expect(why.view().terminal({ columns: 80, truecolour: false, colours: plain }).join(" ")).toContain("wonderful");
});

const same = (text: string) => text;
const plain = { isColorSupported: false, bold: same, dim: same, cyan: same, green: same, red: same, yellow: same };
