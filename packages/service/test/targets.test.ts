/** Targets that are places of the output, through all doors: boxes, regions, pixels, tokens; files that they name come with the request. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModelBytes, parseModel, readNpy } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeHost } from "../../backlit/src/host/index.ts";
import { load } from "../../backlit/src/load.ts";
import type { OpenService } from "../src/index.ts";
import { ask, npy, openDigits, post, repository } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "backlit-targets-"));
const WORDS =
  "g (int64[N,S] input_ids) => (float[N,S,6] logits) <float[6,4] table = random(1), float[4,6] w = random(3)> { e = Gather(table, input_ids) logits = MatMul(e, w) }";
writeFileSync(join(folder, "words.onnx"), encodeModelBytes(parseModel(WORDS)));

let opened: OpenService;
beforeAll(async () => {
  const bundled = ["digits", "shapes-detector", "shapes-embedder", "shapes-segmenter"].map(
    (name) => [name, repository(`models/${name}`)] as const,
  );
  opened = await openDigits({}, { models: new Map([...bundled, ["words", join(folder, "words.onnx")]]) });
});
afterAll(async () => {
  await opened.drain();
  rmSync(folder, { recursive: true });
});

const picture = new Uint8Array(readFileSync(repository("data/shapes/two.png")));
const drawn = await nodeHost({ here: true }).pictures.decode(picture, { name: "two.png", maxPixels: 4096 });
/** [1, 3, 64, 64], as the model itself takes them. */
const pixels = [0, 1, 2].flatMap((c) => Array.from({ length: 4096 }, (_, i) => drawn.data[drawn.channels * i + c]! / 255));
const sentence = npy({ type: "int64", dims: [1, 3], data: BigInt64Array.of(1n, 2n, 4n) });

const people = (model: string, target: string, body: Uint8Array = picture) =>
  ask(opened, `/explain/${model}?target=${encodeURIComponent(target)}`, post(body));
const v2 = (model: string, target: string, [name, datatype, shape, data]: readonly [string, string, number[], number[]]) =>
  ask(
    opened,
    `/v2/models/${model}/infer`,
    post({ inputs: [{ name, datatype, shape, data }], outputs: [{ name: "relevance" }], parameters: { target } }),
  );

describe.each([
  ["shapes-detector", "box:0"],
  ["shapes-detector", "box:0.x1"],
  ["shapes-segmenter", "region:circle"],
  ["shapes-segmenter", "circle@pixel:52,13"],
])("%s, %s", (model, target) => {
  test("as a picture: the document names what is explained", async () => {
    const answer = await people(model, target);
    const document = await answer.json();
    expect(answer.status, document.error).toBe(200);
    expect(document.inputs[0].target.startsWith(target)).toBe(true);
  });

  test("as a tensor and as an instance: the same map, not nothing", async () => {
    const { inputs } = await (await ask(opened, `/v2/models/${model}`)).json();
    const infer = await v2(model, target, [inputs[0].name, "FP32", [1, 3, 64, 64], pixels]);
    const { outputs, error } = await infer.json();
    expect(infer.status, error).toBe(200);
    expect(outputs[0]).toMatchObject({ name: "relevance", shape: [1, 3, 64, 64] });
    expect(outputs[0].data.some((one: number) => one !== 0)).toBe(true);
    const planes = [0, 1, 2].map((c) =>
      Array.from({ length: 64 }, (_, y) => pixels.slice(4096 * c + 64 * y, 4096 * c + 64 * y + 64)),
    );
    const explain = await ask(opened, `/v1/models/${model}:explain`, post({ instances: [planes], parameters: { target } }));
    const { explanations, error: why } = await explain.json();
    expect(explain.status, why).toBe(200);
    expect(explanations[0].relevance.flat(2)).toEqual(outputs[0].data);
  });
});

test("a token's logit at a position, by array and by tensor: only what stands there speaks", async () => {
  const answer = await people("words", "3@position:1", sentence);
  const document = await answer.json();
  expect(answer.status, document.error).toBe(200);
  const map = await ask(opened, `/explain/words?target=${encodeURIComponent("3@position:1")}&form=npy`, post(sentence));
  const { dims, data } = readNpy(new Uint8Array(await map.arrayBuffer()));
  expect(dims.slice(0, 2)).toEqual([1, 3]);
  const width = data.length / 3;
  const spoken = [0, 1, 2].map((at) =>
    Array.from(data as Float32Array)
      .slice(at * width, (at + 1) * width)
      .some((one) => one !== 0),
  );
  expect(spoken).toEqual([false, true, false]);
  const infer = await v2("words", "3@position:1", ["input_ids", "INT64", [1, 3], [1, 2, 4]]);
  const { outputs, error } = await infer.json();
  expect(infer.status, error).toBe(200);
  expect(outputs[0].data).toEqual(JSON.parse(JSON.stringify(Array.from(data as Float32Array))));
});

test.each([
  ["shapes-detector", "box:99", /box/],
  [
    "shapes-detector",
    "pair:other.png",
    /target 'pair:other.png': (no such file came|this door takes no files).*curl -F input=@INPUT -F file=@other.png/,
  ],
  ["shapes-segmenter", "circle@mask:/etc/hostname", /mask/],
  ["shapes-segmenter", "circle@pixel:64,0", /pixel|64/],
])("%s, %s: 400", async (model, target, error) => {
  const answers = [await people(model, target), await v2(model, target, ["pixel_values", "FP32", [1, 3, 64, 64], pixels])];
  for (const answer of answers) {
    expect(answer.status).toBe(400);
    expect((await answer.json()).error).toMatch(error);
  }
});

type Parts = Readonly<Record<string, string | readonly [name: string, bytes: Uint8Array]>>;

const form = (model: string, parts: Parts, headers: Record<string, string> = {}) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === "string") body.append(name, value);
    else body.append(name, new File([value[1] as Uint8Array<ArrayBuffer>], value[0]));
  }
  return ask(opened, `/explain/${model}`, { method: "POST", body, headers });
};
const other = new Uint8Array(readFileSync(repository("data/shapes/other.png")));

describe("a form with files beside the input", () => {
  test("pair: the pairs of the library, in every form", async () => {
    const parts = { input: ["two.png", picture], second: ["other.png", other], target: "pair:other.png" } as const;
    const answer = await form("shapes-embedder", parts);
    const document = await answer.json();
    expect(answer.status, document.error).toBe(200);
    await using lit = await load(repository("models/shapes-embedder"));
    const { result } = await lit.pairs(picture, repository("data/shapes/other.png"));
    expect(document.rows[0]).toMatchObject({ similarity: result.rows[0]!.similarity, strongest: result.rows[0]!.strongest });
    const array = await form("shapes-embedder", parts, { Accept: "application/x-npy" });
    const { dims, data } = readNpy(new Uint8Array(await array.arrayBuffer()));
    expect([dims.slice(1), data]).toEqual([result.rows[0]!.pairs.dims, result.rows[0]!.pairs.data]);
    const svg = await form("shapes-embedder", parts, { Accept: "image/svg+xml" });
    expect(await svg.text()).toMatch(/^<svg/);
  });

  test("a mask: where it is white", async () => {
    const whole = npy({ type: "uint8", dims: [64, 64], data: new Uint8Array(4096).fill(1) });
    const parts = { input: ["two.png", picture], file: ["all.npy", whole], target: "circle@mask:all.npy" } as const;
    const answer = await form("shapes-segmenter", parts);
    const document = await answer.json();
    expect(answer.status, document.error).toBe(200);
    expect(document.inputs[0].target).toBe("circle@mask:all.npy");
  });

  test("references: what a method compares with", async () => {
    const images = readNpy(readFileSync(repository("data/digits/images.npy"))).data as Uint8Array;
    const [first, rest] = [images.subarray(0, 784), images.subarray(784, 5 * 784)].map((data) =>
      npy({ type: "float32", dims: [data.length / 784, 1, 28, 28], data: Float32Array.from(data) }),
    );
    const parts = { input: ["a.npy", first!], more: ["some.npy", rest!], references: "some.npy", method: "deep-shap" } as const;
    const answer = await form("digits", parts, { Accept: "application/x-npy" });
    expect(answer.status, await answer.clone().text()).toBe(200);
    await using lit = await load(repository("models/digits"));
    const own = await lit.explain(first!, { method: "deep-shap", references: "some.npy", files: { "some.npy": rest! } });
    expect(readNpy(new Uint8Array(await answer.arrayBuffer())).data).toEqual(own.relevance.data);
  });

  test("names of the classes: in place of the model's own; another count is the error of --labels", async () => {
    const digit = npy({ type: "float32", dims: [1, 1, 28, 28], data: new Float32Array(784).fill(7) });
    const words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    const text = new TextEncoder().encode(`\uFEFF${words.map((word, i) => `${i} ${word}`).join("\r\n")}\r\n\r\n`);
    for (const parts of [{ labels: ["names.txt", text] }, { file: ["names.txt", text], labels: "names.txt" }] as const) {
      const answer = await form("digits", { input: ["a.npy", digit], target: "seven", ...parts });
      const document = await answer.json();
      expect(answer.status, document.error).toBe(200);
      expect(document.inputs[0]).toMatchObject({ label: "seven", target: 7 });
    }
    const wrong = await form("digits", { input: ["a.npy", digit], labels: ["names.txt", text.slice(0, 40)] });
    expect([wrong.status, (await wrong.json()).error]).toEqual([
      400,
      expect.stringMatching(/5 class names \(names.txt\): the model has 10 classes: give one name for each class/),
    ]);
    await using lit = await load(repository("models/digits"), { labels: words });
    expect(lit.labels).toEqual(words);
    await expect(load(repository("models/digits"), { labels: ["one"] })).rejects.toThrow(/1 class names.*10 classes/);
  });

  test("conditions and thresholds mean what the command's mean", async () => {
    await using lit = await load(repository("models/digits"));
    const value = lit.bundle.model.graph.node.find(({ opType }) => opType === "Relu")!.output[0]!;
    const digit = npy({ type: "float32", dims: [1, 1, 28, 28], data: new Float32Array(784).fill(7) });
    const answer = await form("digits", { input: ["a.npy", digit], condition: `${value}:0`, only: "true", form: "npy" });
    const own = await lit.explain(digit, { conditions: { [value]: [0] }, only: true });
    expect(readNpy(new Uint8Array(await answer.arrayBuffer())).data).toEqual(own.relevance.data);
    const none = await form("shapes-detector", { input: ["two.png", picture], target: "box:0", least_score: "1" });
    expect([none.status, (await none.json()).error]).toEqual([400, expect.stringMatching(/box/)]);
  });

  test.each<readonly [Parts, RegExp]>([
    [{ second: ["other.png", other] }, /no part is called 'input'/],
    [{ input: ["two.png", picture], references: "rows.csv" }, /references 'rows.csv': no such file came/],
    [{ input: ["two.png", picture], labels: "names.txt" }, /labels 'names.txt': no such file came/],
    [{ input: ["two.png", picture], target: "pair:/etc/hostname" }, /pair:\/etc\/hostname.*no such file came/],
    [{ input: ["two.png", picture], least_score: "7" }, /least_score.*0 to 1/],
    [{ input: ["two.png", picture], condition: "d" }, /VALUE:3,7/],
    [{ input: ["two.png", picture], only: "true" }, /only.*condition/],
  ])("%#: 400", async (parts, error) => {
    const answer = await form("shapes-embedder", parts);
    expect([answer.status, (await answer.json()).error]).toEqual([400, expect.stringMatching(error)]);
  });
});
