/** Trained models that onnxruntime.quantization made (data/README.md): lowered, they say the same and explain as their float original. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { norm } from "../../../test/support/compare.ts";
import { lowered, opsOf } from "../../../test/support/lowered.ts";
import { explain, type Feeds, floats, model, numbers, runModel } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { decodeModel } from "../../onnx/decode.ts";
import { encodeModelBytes } from "../../onnx/encode.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)));
const onnx = (path: string) => decodeModel(read(path), path);
const COUNT = 20;
const PIXELS = 28 * 28;
/** npy: the numbers are the last bytes. */
const images = read("../../../../../data/digits/images.npy").subarray(-1000 * PIXELS);
const input: Feeds = {
  input: floats(
    [COUNT, 1, 28, 28],
    Array.from(images.subarray(500 * PIXELS, (500 + COUNT) * PIXELS), (v) => v / 255),
  ),
};

const rows = (values: readonly number[]) => Array.from({ length: COUNT }, (_, i) => values.slice(i * 10, i * 10 + 10));
const top = (row: readonly number[]) => row.indexOf(Math.max(...row));
const cosine = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0) / (norm(a) * norm(b));

const float = onnx("../../../../../models/digits/model.onnx");
const relevance = async (m: typeof float) =>
  (await explain(m, input, { recipe: { composite: { name: "epsilon-plus" } }, target: { kind: "argmax" } })).relevance;

describe.each(["digits-qdq", "digits-qoperator", "digits-dynamic"])("%s", (name) => {
  const quantised = onnx(`../../../test/data/${name}.onnx`);
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
  test("outputs, to the bit, and the class are the quantised model's; --float takes the floats' instead", async () => {
    const runtime = await nodeRuntime();
    const want = await runModel(quantised, input);
    await using lit = await load(encodeModelBytes(quantised), { runtime });
    const { model: artefact, names } = await lit.compile({ composite: "epsilon-plus" });
    const got = await runModel(artefact, input);
    expect(numbers(got.logits)).toEqual(numbers(want.logits));
    expect(numbers(got[names.target])).toEqual(rows(numbers(want.logits)).map(top));
    const { notices } = await lit.explain(input, { composite: "epsilon-plus" });
    expect(notices.join("\n")).toMatch(/whose output differs by up to 0\.\d+ \([\d.]+ %\) here/);
    await using floats = await load(encodeModelBytes(quantised), { runtime, float: true });
    const own = await runModel((await floats.compile({ composite: "epsilon-plus" })).model, input);
    expect(numbers(own.logits)).not.toEqual(numbers(want.logits));
    expect(numbers(own[names.relevance.input!])).toEqual(numbers(got[names.relevance.input!]));
  });
});

describe("a quantised model and its floats do not agree on the winner", () => {
  /** Steps of 1: logits 1.4 and 1.6 become 1 and 2, and 0.4 and 0.45 both 0; the first of equals wins. */
  const text = (
    head: string,
  ) => `<ir_version: 8, opset_import: ["" : 17]> net (float[N,2] x) => (float[N,2] y) <float s = {1}, uint8 z = {100}, float[2,2] w = {1, 0, 0, 1}> {
    m = MatMul(x, w) q = QuantizeLinear(m, s, z) ${head} }`;
  const x = floats([3, 2], [1.4, 1.6, 0.4, 0.45, 2.6, 2.4]);
  test.each([
    ["logits", "y = DequantizeLinear(q, s, z)"],
    ["probabilities", "d = DequantizeLinear(q, s, z) y = Softmax(d)"],
  ])("%s", async (_, head) => {
    const { out, compiled } = await explain(text(head), { x }, { recipe: { composite: "epsilon" } });
    expect(numbers(out[compiled.names.target])).toEqual([1, 0, 0]);
    expect(numbers(out.y)).toEqual(numbers((await runModel(text(head), { x })).y));
    await using lit = await load(encodeModelBytes(model(text(head))), { runtime: await nodeRuntime() });
    expect((await lit.explain({ x }, { method: "occlusion" })).target).toEqual([[1], [0], [0]]);
  });
});
