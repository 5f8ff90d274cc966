/** Bags, graphs, volumes, series and sounds, each drawn as what it is. */
import { readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, type Tensor, writeNpy, writeNpz } from "@backlit/core";
import { expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const saved = (name: string, text: string) => {
  writeFileSync(at(name), encodeModelBytes(parseModel(`<ir_version: 8, opset_import: ["" : 18]> ${text}`)));
  return at(name);
};
const floats = (dims: readonly number[], value: (i: number) => number): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
});
const run = async (...argv: string[]) => {
  const { code, out, err } = await backlit("explain", ...argv);
  expect(code, err).toBe(0);
  return { out, err };
};
const json = async (...argv: string[]) => JSON.parse((await run(...argv, "--json")).out).inputs[0];

test("a bag: its rows are the units", async () => {
  const model = saved(
    "bag.onnx",
    `g (float[M,3] bag) => (float[1,2] logits) <float[3,4] w = random(1), float[4,2] v = random(2), int64[1] rows = {0}> {
    h = MatMul(bag, w) r = Relu(h) s = ReduceSum(r, rows) logits = MatMul(s, v) }`,
  );
  writeFileSync(at("bag.npy"), writeNpy(floats([5, 3], (i) => (i >= 6 && i < 9 ? 3 : 0.01 * i))));
  const { out } = await run(model, at("bag.npy"), "--heatmap", at("bag.svg"), "--report", at("bag.html"));
  expect(out).toMatch(/row 2 .*\n/);
  expect(out).toMatch(/5 rows, Σ R/);
  expect(readFileSync(at("bag.svg"), "utf8")).toContain("row 2");
  expect(readFileSync(at("bag.html"), "utf8")).toContain("row 4");
  await run(model, at("bag.npy"), "--heatmap", at("bag.png"));
  // Bars side by side have one legend.
  await run(model, at("bag.npy"), "--target", "0", "--target", "1", "--heatmap", at("two.svg"));
  const two = readFileSync(at("two.svg"), "utf8");
  const count = (words: string) => two.split(`>${words}`).length - 1;
  expect(["for the class<", "against it<", "for class", "class 0", "class 1"].map(count)).toEqual([1, 1, 0, 1, 1]);
  expect(readFileSync(at("bag.png")).subarray(1, 4).toString()).toBe("PNG");
});

test("a graph: nodes and edges, for a node by its index; what the model does not take is left aside", async () => {
  const model = saved(
    "graph.onnx",
    `g (float[nodes,3] x, float[nodes,nodes] adj) => (float[nodes,2] logits) <float[3,4] w = random(1), float[4,2] v = random(2)> {
    a = MatMul(adj, x) h = MatMul(a, w) r = Relu(h) b = MatMul(adj, r) logits = MatMul(b, v) }`,
  );
  const edges = [
    [0, 1],
    [1, 2],
    [3, 4],
  ];
  const adj = floats([5, 5], (k) => Number(edges.some(([i, j]) => k === i! * 5 + j! || k === j! * 5 + i!)));
  const arrays = new Map<string, Tensor>([
    ["x", floats([5, 3], (i) => Math.sin(i))],
    ["adj", adj],
    ["edge_index", floats([2, 3], (i) => i)],
  ]);
  writeFileSync(at("graph.npz"), writeNpz(arrays));
  const { out, err } = await run(model, at("graph.npz"), "--target", "0,1", "--heatmap", at("graph.svg"));
  expect(err).toMatch(/'edge_index' is no input of the model: left aside/);
  expect(out).toMatch(/edge 0–1/);
  expect(out).not.toMatch(/edge 0–2/);
  const { rows, edges: drawn } = await json(model, at("graph.npz"), "--target", "0,1");
  // Node 0 sees itself and what lies two edges away.
  expect(rows.map(({ relevance }: { relevance: number }) => relevance !== 0)).toEqual([true, false, true, false, false]);
  expect(drawn.map(({ name }: { name: string }) => name)).toEqual(["edge 0–1", "edge 1–2", "edge 3–4"]);
});

test("a volume whose first layer strides: its dots are divided out in the drawing, or kept", async () => {
  const model = saved(
    "strided.onnx",
    `g (float[N,1,7,7,7] x) => (float[N,2] y) <float[3,1,3,3,3] w = random(1), float[3,2] v = random(2), int64[3] axes = {2,3,4}> {
    c = Conv <strides = [2,2,2], kernel_shape = [3,3,3]> (x, w) r = Relu(c) m = ReduceMean <keepdims = 0> (r, axes) y = MatMul(m, v) }`,
  );
  writeFileSync(at("even.npy"), writeNpy(floats([7, 7, 7], () => 1)));
  const drawn = async (...more: string[]) => {
    await run(model, at("even.npy"), "--target", "0", "--heatmap", at("strided.svg"), ...more);
    return readFileSync(at("strided.svg"), "utf8");
  };
  expect(await drawn()).toContain("stride divided out");
  expect(await drawn("--dots", "keep")).not.toContain("stride divided out");
});

test("a volume: slices", async () => {
  const model = saved(
    "volume.onnx",
    `g (float[N,1,4,6,6] x) => (float[N,2] y) <float[3,1,2,3,3] w = random(1), float[3,2] v = random(2), int64[3] axes = {2,3,4}> {
    c = Conv(x, w) r = Relu(c) m = ReduceMean <keepdims = 0> (r, axes) y = MatMul(m, v) }`,
  );
  writeFileSync(at("volume.npy"), writeNpy(floats([4, 6, 6], (i) => (i >= 72 && i < 108 ? 2 : 0))));
  const { slices } = await json(model, at("volume.npy"), "--target", "0", "--method", "gradient-x-input");
  expect(slices.map((sum: number) => sum !== 0)).toEqual([false, false, true, false]);
  await run(model, at("volume.npy"), "--heatmap", at("volume.png"), "--report", at("volume.html"));
  expect(readFileSync(at("volume.png")).subarray(1, 4).toString()).toBe("PNG");
  expect(readFileSync(at("volume.html"), "utf8")).toMatch(/4 slices, most relevance in slice/);
  await run(model, at("volume.npy"), "--heatmap", at("volume.svg"));
  expect(readFileSync(at("volume.svg"), "utf8")).not.toContain("nothing to explain");
  expect((await backlit("explain", model, at("volume.npy"), "--smooth", "2", "--heatmap", at("v.svg"))).err).toMatch(
    /a volume is explained/,
  );
  const bytes = Uint8Array.from({ length: 144 }, (_, i) => (i >= 72 && i < 108 ? 255 : 0));
  writeFileSync(at("bytes.npy"), writeNpy({ type: "uint8", dims: [4, 6, 6], data: bytes }));
  writeFileSync(at("ones.npy"), writeNpy(floats([4, 6, 6], (i) => bytes[i]! / 255)));
  const method = ["--target", "0", "--method", "gradient-x-input"];
  expect((await json(model, at("bytes.npy"), ...method)).slices).toEqual((await json(model, at("ones.npy"), ...method)).slices);
  expect((await run(model, at("bytes.npy"))).err).toMatch(/holds bytes: brought to 0\.\.1/);
  writeFileSync(at("empty.npy"), writeNpy(floats([4, 6, 6], () => 0)));
  await run(model, at("empty.npy"), "--heatmap", at("empty.svg"));
  expect(readFileSync(at("empty.svg"), "utf8")).toContain("nothing to explain");
});
