/** Which rows are samples of their own. */
import { expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { type ReadingOptions, readModel } from "./index.ts";

const samplesOf = async (text: string, explained: readonly string[] = ["x"], options: ReadingOptions = {}, start = "y") => {
  const model = parseModel(text);
  const reading = readModel(await tracedModel(model), options);
  const { independent, batchAxis, of, notice } = reading.samples({ explained, output: start, start });
  return { independent, batchAxis, axes: explained.map(of), said: notice !== undefined };
};

const ROWS = { independent: true, batchAxis: 0, said: false };
const ONE = { independent: false, batchAxis: undefined, said: true };

test.each([
  ["a table", "net (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }", ROWS],
  [
    "windows that lie within the batch, and come back",
    `net (float[N,4,6] x) => (float[N,2] y) <float[6,6] q = random(1), float[24,2] w = random(2), int64[3] s = {-1,2,6}, int64[3] b = {-1,4,6}>
      { a = Reshape(x, s) t = Transpose <perm=[0,2,1]> (a) m = MatMul(a, t) p = Softmax <axis=-1> (m) v = MatMul(p, a) r = MatMul(v, q) o = Reshape(r, b) f = Flatten(o) y = MatMul(f, w) }`,
    ROWS,
  ],
  [
    "a column of each class laid end to end and taken apart again",
    `net (float[N,4] x) => (float[N,2] y) <float[4,1] w = random(1), float[4,1] v = random(2), int64[2] s = {2,-1}>
      { a = MatMul(x, w) b = MatMul(x, v) c = Concat <axis=0> (a, b) r = Reshape(c, s) y = Transpose <perm=[1,0]> (r) }`,
    ROWS,
  ],
  [
    "the same, taken apart the wrong way round",
    `net (float[N,4] x) => (float[N,2] y) <float[4,1] w = random(1), float[4,1] v = random(2), int64[2] s = {-1,2}>
      { a = MatMul(x, w) b = MatMul(x, v) c = Concat <axis=0> (a, b) y = Reshape(c, s) }`,
    ONE,
  ],
  [
    "time first",
    `net (float[7,N,3] x) => (float[7,N,2] y) <float[1,16,3] a = random(1), float[1,16,4] r = random(2), float[4,2] w = random(3), int64[1] z = {1}>
      { o, h = LSTM <hidden_size=4> (x, a, r) s = Squeeze(o, z) y = MatMul(s, w) }`,
    { independent: true, batchAxis: 1, axes: [1], said: false },
  ],
  [
    "a graph of free size",
    "net (float[n,3] x, float[n,n] g) => (float[n,2] y) <float[3,2] w = random(2)> { a = MatMul(g, x) y = MatMul(a, w) }",
    ONE,
  ],
  ["a mean over rows taken away", "net (float[n,3] x) => (float[n,3] y) { m = ReduceMean <axes=[0]> (x) y = Sub(x, m) }", ONE],
  [
    "attention between rows",
    "net (float[n,3] x) => (float[n,3] y) { t = Transpose(x) s = MatMul(x, t) p = Softmax <axis=-1> (s) y = MatMul(p, x) }",
    ONE,
  ],
  [
    "a bag pooled to one row of classes",
    "net (float[n,3] x) => (float[1,2] y) <float[3,2] w = random(2)> { a = ReduceMax <axes=[0]> (x) y = MatMul(a, w) }",
    { ...ONE, batchAxis: 0 },
  ],
  [
    "rows put in another order",
    "net (float[n,3] x) => (float[n,3] y) <int64[1] a = {-1}, int64[1] e = {-9223372036854775807}, int64[1] z = {0}> { y = Slice(x, a, e, z, a) }",
    ONE,
  ],
  [
    "a picture without an axis of samples",
    `net (float[3,8,8] x) => (float[2] y) <float[4,3,3,3] k = random(1), float[4,2] w = random(2), int64[1] z = {0}, int64[1] s = {4}>
      { u = Unsqueeze(x, z) c = Conv(u, k) p = GlobalAveragePool(c) f = Reshape(p, s) y = MatMul(f, w) }`,
    { ...ONE, said: false },
  ],
  [
    "a batch that is always one",
    `net (float[1,3,8,8] x) => (float[1,2] y) <float[4,3,3,3] k = random(1), float[4,2] w = random(2)> { c = Conv(x, k) p = GlobalAveragePool(c) f = Flatten(p) y = MatMul(f, w) }`,
    ROWS,
  ],
  [
    "scores of a detector's boxes",
    `net (float[1,3,8,8] x) => (float[k] y) <float[2,3,3,3] q = random(1), int64[1] o = {-1}, float t = {0.0}>
      { c = Conv(x, q) f = Reshape(c, o) g = Greater(f, t) y = Compress(f, g) }`,
    { independent: true, batchAxis: undefined, said: false },
  ],
])("%s", async (_, text, want) => {
  expect(await samplesOf(text)).toMatchObject(want);
});

const TOWERS = `net (float[T,4] text, float[I,3,8,8] x) => (float[T,I] y, float[I,T] z)
  <float[4,5] w = random(1), float[5,3,3,3] k = random(2)> {
    a = MatMul(text, w) c = Conv(x, k) p = GlobalAveragePool(c) b = Flatten(p) t = Transpose(b) y = MatMul(a, t) z = Transpose(y) }`;

test("of two towers each output has the samples of the one that is explained; both together are one sample", async () => {
  expect(await samplesOf(TOWERS, ["x"])).toMatchObject({ independent: true, batchAxis: 1 });
  expect(await samplesOf(TOWERS, ["x"], {}, "z")).toMatchObject({ independent: true, batchAxis: 0 });
  expect(await samplesOf(TOWERS, ["text"])).toMatchObject({ independent: true, batchAxis: 0 });
  expect(await samplesOf(TOWERS, ["text", "x"])).toMatchObject({ independent: false });
});

test("inputs that are added row by row share their samples", async () => {
  const text = "net (float[N,4] x, float[N,4] z) => (float[N,2] y) <float[4,2] w = random(1)> { s = Add(x, z) y = MatMul(s, w) }";
  expect(await samplesOf(text, ["x", "z"])).toMatchObject({ ...ROWS, axes: [0, 0] });
});

test("what is said holds", async () => {
  const text = "net (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }";
  expect(await samplesOf(text, ["x"], { batchAxis: "none" })).toMatchObject({ independent: false });
  const square = "net (float[3,3] x) => (float[3,3] y) { y = Relu(x) }";
  expect(await samplesOf(square, ["x"], { batchAxis: 1 })).toMatchObject({ independent: true, batchAxis: 1, axes: [1] });
});
