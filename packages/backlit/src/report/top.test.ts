import type { Tensor } from "@backlit/core";
import { expect, test } from "vitest";
import { topClasses } from "./top.ts";

const tensor = (dims: readonly number[], ...values: number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(values),
});

test("softmax of the logits of one row, best first, equal ones by index", () => {
  const [first, second, third] = topClasses(tensor([2, 3], 9, 9, 9, 1, 2, 1), 1, { head: "none", labels: ["a", "b", "c"] });
  const sum = 2 * Math.E + Math.E ** 2;
  expect(first).toEqual({ index: 1, label: "b", logit: 2, probability: expect.closeTo(Math.E ** 2 / sum, 12) });
  expect([second!.index, third!.index]).toEqual([0, 2]);
});

test("huge logits do not overflow", () => {
  expect(topClasses(tensor([1, 2], 3e4, 3e4), 0, { head: "none" }).map(({ probability }) => probability)).toEqual([0.5, 0.5]);
});

test("a model's own head is taken at its word", () => {
  expect(topClasses(tensor([1, 2], 0.25, 0.75), 0, { head: "softmax", count: 1 })).toEqual([{ index: 1, probability: 0.75 }]);
});

test("one logit is two classes", () => {
  const [no, yes] = topClasses(tensor([1, 1], -2), 0, { head: "none", labels: ["no", "yes"] });
  expect(no).toMatchObject({ index: 0, label: "no", logit: 2, probability: expect.closeTo(1 / (1 + Math.exp(-2)), 12) });
  expect(yes).toMatchObject({ index: 1, label: "yes", logit: -2 });
  expect(topClasses(tensor([1, 1], 0.75), 0, { head: "sigmoid" })).toMatchObject([
    { index: 1, probability: 0.75 },
    { index: 0, probability: 0.25 },
  ]);
});

test("several axes: indices of each, no probabilities", () => {
  const [first] = topClasses(tensor([1, 2, 3], 0, 1, 2, 3, 9, 4), 0, { head: "none" });
  expect(first).toEqual({ index: "1,1", logit: 9 });
});

test("an output without a batch axis is one row", () => {
  expect(topClasses(tensor([3], 0, 5, 1), 0, { head: "none" })[0]).toMatchObject({ index: 1, logit: 5 });
});
