import type { Tensor } from "@backlit/core";
import { expect, test } from "vitest";
import { topClasses } from "./top.ts";

const LINK = { kind: "none", start: "y", log: false, exclusive: false } as const;
const READING = {
  kind: "logits",
  why: "",
  guessed: false,
  output: "y",
  link: LINK,
  classAxis: 1,
  whyAxis: "",
  sign: 1,
  twoClasses: false,
  classes: true,
} as const;
const SCORING = {
  link: "none",
  log: false,
  exclusive: true,
  classAxis: 0,
  sign: 1,
  twoClasses: false,
  classes: true,
  votes: false,
  plainValue: false,
} as const;
const logits = { reading: READING, scoring: SCORING };
const probabilities = { reading: { ...READING, kind: "probabilities" }, scoring: { ...SCORING, link: "softmax" } } as const;
const one = { reading: { ...READING, kind: "one-logit", twoClasses: true }, scoring: { ...SCORING, twoClasses: true } } as const;

const tensor = (dims: readonly number[], ...values: number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(values),
});

test("softmax of the logits of one row, best first, equal ones by index", () => {
  const [first, second, third] = topClasses(tensor([2, 3], 9, 9, 9, 1, 2, 1), 1, { ...logits, labels: ["a", "b", "c"] });
  const sum = 2 * Math.E + Math.E ** 2;
  expect(first).toEqual({ index: 1, label: "b", logit: 2, probability: expect.closeTo(Math.E ** 2 / sum, 12) });
  expect([second!.index, third!.index]).toEqual([0, 2]);
});

test("huge logits do not overflow", () => {
  expect(topClasses(tensor([1, 2], 3e4, 3e4), 0, logits).map(({ probability }) => probability)).toEqual([0.5, 0.5]);
});

test("a model's own head is taken at its word", () => {
  expect(topClasses(tensor([1, 2], 0.25, 0.75), 0, { ...probabilities, count: 1 })).toEqual([{ index: 1, probability: 0.75 }]);
});

test("one logit is two classes", () => {
  const [no, yes] = topClasses(tensor([1, 1], -2), 0, { ...one, labels: ["no", "yes"] });
  expect(no).toMatchObject({ index: 0, label: "no", logit: 2, probability: expect.closeTo(1 / (1 + Math.exp(-2)), 12) });
  expect(yes).toMatchObject({ index: 1, label: "yes", logit: -2 });
  expect(topClasses(tensor([1, 1], 0.75), 0, { ...one, reading: { ...one.reading, kind: "probabilities" } })).toMatchObject([
    { index: 1, probability: 0.75 },
    { index: 0, probability: 0.25 },
  ]);
});

test("several axes: indices of each, probabilities along the class axis alone", () => {
  const [first] = topClasses(tensor([1, 2, 3], 0, 1, 2, 3, 9, 4), 0, { ...logits, labels: ["a", "b"] });
  expect(first).toEqual({ index: "1,1", label: "b", logit: 9, probability: expect.closeTo(1 / (1 + Math.exp(-8)), 12) });
});

test("numbers that nothing says to be logits are no per cents", () => {
  const guessed = { ...logits, reading: { ...READING, guessed: true } };
  expect(topClasses(tensor([1, 2], 3, 1), 0, guessed)[0]).toEqual({ index: 0, logit: 3 });
  const regression = { ...logits, reading: { ...READING, kind: "regression", classes: false } } as const;
  expect(topClasses(tensor([1, 1], -44), 0, regression)).toEqual([{ index: 0, label: "y", whole: true, value: -44 }]);
});

test("the nearest comes first", () => {
  const distances = { reading: { ...READING, kind: "distances" }, scoring: { ...SCORING, sign: -1 } } as const;
  expect(topClasses(tensor([1, 3], 4, 1, 2), 0, distances).map(({ index }) => index)).toEqual([1, 2, 0]);
});

test("an output without a batch axis is one row", () => {
  expect(topClasses(tensor([3], 0, 5, 1), 0, logits)[0]).toMatchObject({ index: 1, logit: 5 });
});

test("an output that is one number a sample has as many rows as there are samples", () => {
  const score = {
    reading: { ...READING, kind: "outlier-score", classes: false, sign: -1 },
    scoring: { ...SCORING, sign: -1 },
  } as const;
  expect(topClasses(tensor([3], 0.5, -2, 1), 1, { ...score, samples: 3 })).toEqual([
    { index: 0, label: "-y", whole: true, value: 2 },
  ]);
});

test("beside one node's class stand the other classes of that node, in the order of what is printed", () => {
  const nodes = {
    ...logits,
    scoring: { ...SCORING, classAxis: 1 },
    reading: { ...READING, classAxis: 2 },
    labels: ["left", "right"],
  };
  const output = tensor([1, 3, 2], 9, 8, 1, 3, 20, 19);
  expect(topClasses(output, 0, nodes).map(({ index }) => index)).toEqual(["1,1", "2,0", "0,0", "2,1", "0,1"]);
  expect(topClasses(output, 0, { ...nodes, beside: "1,0" })).toMatchObject([
    { index: "1,1", label: "right", probability: expect.closeTo(0.8808, 4) },
    { index: "1,0", label: "left", probability: expect.closeTo(0.1192, 4) },
  ]);
  expect(topClasses(output, 0, { ...nodes, beside: "7,0" })).toHaveLength(5);
});
