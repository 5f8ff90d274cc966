/** Class names: said, beside the model, or in its own file. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel } from "@backlit/core";
import { expect, test } from "vitest";
import { load } from "../src/index.ts";
import { at, backlit } from "./cli.ts";

const text = `<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 2]> g (float[N,2] x) => (string[N] l, float[N,2] y) {
  l, y = ai.onnx.ml.LinearClassifier <classlabels_strings=["spam","ham"], coefficients=[1.0,2.0,3.0,4.0], intercepts=[0.0,0.0], post_transform="SOFTMAX"> (x) }`;
writeFileSync(at("mail.onnx"), encodeModelBytes(parseModel(text)));
writeFileSync(at("mail.csv"), "a,b\n1,2\n");
const labelsOf = async (...more: string[]) => {
  const { out, err } = await backlit("explain", at("mail.onnx"), at("mail.csv"), "--json", ...more);
  expect(err.replace(/^note: .*\n/gm, "")).toBe("");
  return JSON.parse(out).inputs[0].top.map(({ label }: { label: string }) => label);
};

test("the file's own names serve the command and the library", async () => {
  expect(await labelsOf("--target", "spam")).toEqual(["ham", "spam"]);
  const { out } = await backlit("inspect", at("mail.onnx"));
  expect(out).toMatch(/classes {4}spam, ham: the file's LinearClassifier names them/);
  await using lit = await load(new Uint8Array(readFileSync(at("mail.onnx"))));
  const x = { type: "float32", dims: [1, 2], data: Float32Array.of(1, 2) } as const;
  expect((await lit.explain(x, { target: "spam" })).target).toEqual([[0]]);
});

test("a file beside the model wins, what is said wins over it; what does not fit is said", async () => {
  writeFileSync(at("labels.txt"), "bad\n\ngood\n");
  expect(await labelsOf("--target", "spam")).toEqual(["good", "bad"]); // the file's names stay synonyms
  writeFileSync(at("said.json"), '["no", "yes"]');
  expect(await labelsOf("--labels", at("said.json"))).toEqual(["yes", "no"]);
  writeFileSync(at("said.txt"), "a\nb\nc\n");
  const { code, err } = await backlit("explain", at("mail.onnx"), at("mail.csv"), "--labels", at("said.txt"));
  expect([code, err]).toEqual([1, expect.stringMatching(/3 class names .*: the model has 2 classes/)]);
  writeFileSync(at("labels.txt"), "a\nb\nc\n");
  const beside = await backlit("explain", at("mail.onnx"), at("mail.csv"));
  expect([beside.code, beside.err]).toEqual([
    1,
    expect.stringMatching(/3 class names \(.*labels.txt\): the model has 2 classes: give one name/),
  ]);
  expect(await labelsOf("--labels", at("said.json"))).toEqual(["yes", "no"]);
  rmSync(at("labels.txt"));
  writeFileSync(at("config.json"), '{ "id2label": { "0": "a", "1": "b", "2": "c" } }');
  expect(await labelsOf()).toEqual(["ham", "spam"]);
  rmSync(at("config.json"));
  const missing = await backlit("explain", at("mail.onnx"), at("mail.csv"), "--labels", at("none.txt"));
  expect([missing.code, missing.err]).toEqual([1, expect.stringMatching(/cannot read the class names/)]);
});

test("names of one of several outputs", async () => {
  const [file, said] = [at("several.onnx"), at("ab.json")];
  writeFileSync(said, '["a", "b"]');
  const two = `<ir_version: 8, opset_import: ["" : 17]> g (float[N,2] x) => (float[N,8] e, float[N,2] y) <float[2,8] w = random(1)> { e = MatMul (x, w) y = Relu (x) }`;
  writeFileSync(file, encodeModelBytes(parseModel(two)));
  await using lit = await load(file, { labels: said });
  expect(lit.labels).toEqual(["a", "b"]);
});
