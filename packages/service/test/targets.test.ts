/** Targets that are places of the output, through all doors: boxes, regions, pixels, tokens; pairs and files are refused in words. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeModelBytes, parseModel, readNpy } from "@backlit/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeHost } from "../../backlit/src/host/index.ts";
import type { OpenService } from "../src/index.ts";
import { ask, npy, openDigits, post, repository } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "backlit-targets-"));
const WORDS =
  "g (int64[N,S] input_ids) => (float[N,S,6] logits) <float[6,4] table = random(1), float[4,6] w = random(3)> { e = Gather(table, input_ids) logits = MatMul(e, w) }";
writeFileSync(join(folder, "words.onnx"), encodeModelBytes(parseModel(WORDS)));

let opened: OpenService;
beforeAll(async () => {
  const bundled = ["shapes-detector", "shapes-segmenter"].map((name) => [name, repository(`models/${name}`)] as const);
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
    /a second input, and a request has one: .*backlit explain MODEL INPUT --target pair:FILE/,
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
