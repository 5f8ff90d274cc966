import { expect, test } from "vitest";
import { model } from "../../test/support/run.ts";
import { classNamesIn } from "./class-names.ts";

const file = (text: string, metadata: Readonly<Record<string, string>> = {}) => ({
  ...model(`<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 2]> ${text}`),
  metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
});
const plain = "g (float[N,2] x) => (float[N,2] y) { y = Relu (x) }";
const namesOf = (metadata: Readonly<Record<string, string>>) => classNamesIn(file(plain, metadata))?.names;

test("labels of classifiers, texts or numbers; numbers from 0 on say nothing", () => {
  const linear = (labels: string) =>
    `g (float[N,2] x) => (string[N] l, float[N,2] y) { l, y = ai.onnx.ml.LinearClassifier <${labels}, coefficients=[1.0,2.0,3.0,4.0], intercepts=[0.0,0.0]> (x) }`;
  expect(classNamesIn(file(linear('classlabels_strings=["no","yes"]')))).toEqual({
    names: ["no", "yes"],
    why: "the file's LinearClassifier names them",
  });
  expect(classNamesIn(file(linear("classlabels_ints=[3,7]")))?.names).toEqual(["3", "7"]);
  expect(classNamesIn(file(linear("classlabels_ints=[0,1]")))).toBeUndefined();
});

test("a map of probabilities wins over the classifiers of an ensemble", () => {
  const text = `g (float[N,2] x) => (float[N,2] z) { l, y = ai.onnx.ml.LinearClassifier <classlabels_ints=[4,5], coefficients=[1.0,2.0,3.0,4.0], intercepts=[0.0,0.0]> (x) z = ai.onnx.ml.ZipMap <classlabels_strings=["a","b"]> (y) }`;
  expect(classNamesIn(file(text))?.names).toEqual(["a", "b"]);
});

test("a list that the largest score picks from; a table of a net is none", () => {
  const text = `g (float[N,2] x) => (string[M] l, float[N,2] y) <string[2] classes = {"cat","dog"}> { y = Relu (x) k = ArgMax <axis=1> (y) l = ai.onnx.ml.ArrayFeatureExtractor (classes, k) }`;
  expect(classNamesIn(file(text))?.names).toEqual(["cat", "dog"]);
  const table = "g (int64[N] i) => (int64[N] y) <int64[3] t = {5,6,7}> { y = Gather (t, i) }";
  expect(classNamesIn(file(table))).toBeUndefined();
});

test("metadata: JSON, Python's own form, commas", () => {
  expect(namesOf({ names: "{0: 'person', 1: \"it's\", 2: 'o\\'clock'}" })).toEqual(["person", "it's", "o'clock"]);
  expect(namesOf({ id2label: '{"1": "b", "0": "a"}' })).toEqual(["a", "b"]);
  expect(namesOf({ Classes: "['x', 'y']" })).toEqual(["x", "y"]);
  expect(namesOf({ labels: '["x","y"]' })).toEqual(["x", "y"]);
  expect(namesOf({ labels: "x, y" })).toEqual(["x", "y"]);
  expect(namesOf({ names: "{0: 'a', 2: 'c'}" })).toBeUndefined();
  expect(namesOf({ author: "a, b" })).toBeUndefined();
});

test("two scores of a support vector machine stand the other way round than its labels, probabilities do not", () => {
  const machine = (more: string, behind = "z = Identity (y)") =>
    `g (float[N,1] x) => (int64[N] l, float[N,2] z) { l, y = ai.onnx.ml.SVMClassifier <kernel_type="RBF", kernel_params=[0.5,0.0,3.0], vectors_per_class=[1,1], coefficients=[1.0,-1.0], support_vectors=[1.0,-1.0], rho=[0.1], ${more}> (x) ${behind} }`;
  const names = (text: string) => classNamesIn(file(text))?.names;
  expect(names(machine("classlabels_ints=[3,7]"))).toEqual(["7", "3"]);
  expect(names(machine("classlabels_ints=[0,1]"))).toEqual(["1", "0"]);
  expect(classNamesIn(file(machine('classlabels_strings=["no","yes"]')))?.why).toMatch(
    /first score of two speaks for the second/,
  );
  expect(names(machine("classlabels_ints=[3,7], prob_a=[-1.0], prob_b=[0.0]"))).toEqual(["3", "7"]);
  expect(names(machine("classlabels_ints=[3,7]", "z = Neg (y)"))).toEqual(["3", "7"]);
});
