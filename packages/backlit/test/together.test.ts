/** Rows that run together have the values they have alone. */
import { writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel, writeNpy } from "@backlit/core";
import { explainJob, silent } from "@backlit/workbench";
import { expect, test } from "vitest";
import { nodeHost } from "../src/host/index.ts";
import { at } from "./cli.ts";

const noise = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(1 + 7.3 * i));

const TABLE = `<ir_version: 8, opset_import: ["": 17]> net (float[N,4] x) => (float[N,3] y)
  <float[4,8] w = random(1), float[8] b = random(2), float[8,3] v = random(3)> { h = MatMul(x, w) a = Add(h, b) r = Relu(a) y = MatMul(r, v) }`;

const CONVOLUTIONS = `<ir_version: 8, opset_import: ["": 17]> net (float[N,1,12,12] x) => (float[N,3] y)
  <float[4,1,3,3] k = random(4), float[4,3] v = random(5)>
  { h = Conv(x, k) r = Relu(h) p = GlobalAveragePool(r) f = Flatten(p) y = MatMul(f, v) }`;

const written = (name: string, text: string): string => {
  writeFileSync(at(name), encodeModelBytes(parseModel(text)));
  return at(name);
};

const explained = async (model: string, file: string, method: string, notes: string[] = []) => {
  const listener = { ...silent, note: (text: string) => void notes.push(text) };
  const request = { v: 1, model, inputs: [file], recipe: { method } } as const;
  const { rows, explained: values } = await explainJob(request, { host: nodeHost({ here: true }), listener });
  return rows.map(({ maps }) => maps[0]!.relevances[values[0]!]!.data);
};

test.each([
  ["a table's net", () => written("net.onnx", TABLE), [70, 4], "lrp"],
  ["convolutions", () => written("conv.onnx", CONVOLUTIONS), [10, 1, 12, 12], "lrp"],
] as const)("%s", async (name, model, dims, method) => {
  const path = model();
  const width = dims.slice(1).reduce<number>((a, b) => a * b, 1);
  const data = noise(dims[0] * width);
  const files = [dims[0], 1].map((rows) => at(`${name}-${rows}.npy`));
  writeFileSync(files[0]!, writeNpy({ type: "float32", dims, data }));
  const notes: string[] = [];
  const all = await explained(path, files[0]!, method, notes);
  expect(all).toHaveLength(dims[0]);
  expect(notes.join()).toMatch(/up to 64 rows run together/);
  for (const n of [0, 3, dims[0] - 1]) {
    writeFileSync(
      files[1]!,
      writeNpy({ type: "float32", dims: [1, ...dims.slice(1)], data: data.slice(n * width, (n + 1) * width) }),
    );
    const [alone] = await explained(path, files[1]!, method);
    const most = Math.max(...Array.from(alone!, Math.abs));
    expect(most).toBeGreaterThan(0);
    for (const [i, value] of alone!.entries()) expect(Math.abs(value - all[n]![i]!)).toBeLessThanOrEqual(1e-5 * most);
  }
});
