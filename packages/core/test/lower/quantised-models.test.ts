/** Trained models that onnxruntime.quantization made (data/README.md): lowered, they say the same and explain as their float original. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeModel } from "../../src/onnx/decode.ts";
import { norm } from "../support/compare.ts";
import { lowered, opsOf } from "../support/lowered.ts";
import { explain, type Feeds, floats, numbers, runModel } from "../support/run.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)));
const onnx = (path: string) => decodeModel(read(path), path);
const COUNT = 20;
const PIXELS = 28 * 28;
/** npy: the numbers are the last bytes. */
const images = read("../../../../data/digits/images.npy").subarray(-1000 * PIXELS);
const input: Feeds = {
  input: floats(
    [COUNT, 1, 28, 28],
    Array.from(images.subarray(500 * PIXELS, (500 + COUNT) * PIXELS), (v) => v / 255),
  ),
};

const rows = (values: readonly number[]) => Array.from({ length: COUNT }, (_, i) => values.slice(i * 10, i * 10 + 10));
const top = (row: readonly number[]) => row.indexOf(Math.max(...row));
const cosine = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0) / (norm(a) * norm(b));

const float = onnx("../../../../models/digits/model.onnx");
const relevance = async (m: typeof float) =>
  (await explain(m, input, { recipe: { composite: { name: "epsilon-plus" } }, target: { kind: "argmax" } })).relevance;

describe.each(["digits-qdq", "digits-qoperator", "digits-dynamic"])("%s", (name) => {
  const quantised = onnx(`../data/${name}.onnx`);
  test("the same class, logits within a few steps", async () => {
    const m = await lowered(quantised);
    expect(opsOf(m).filter((op) => /Quantize|QLinear|Integer|\./.test(op))).toEqual([]);
    const [want, got] = [await runModel(quantised, input), await runModel(m, input)].map((out) => rows(numbers(out.logits)));
    expect(got!.map(top)).toEqual(want!.map(top));
    const step = (Math.max(...want!.flat()) - Math.min(...want!.flat())) / 255;
    const error = Math.max(...got!.flat().map((v, i) => Math.abs(v - want!.flat()[i]!)));
    expect(error).toBeLessThan(4 * step);
  });
  test("the float model's explanation", async () => {
    expect(cosine(await relevance(quantised), await relevance(float))).toBeGreaterThan(0.98);
  });
});
