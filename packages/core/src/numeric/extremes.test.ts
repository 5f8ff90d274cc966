import { expect, test } from "vitest";
import { append, maxOf, minOf } from "./extremes.ts";

test("lists of any length", () => {
  const many = Float32Array.from({ length: 1_000_000 }, (_, i) => i);
  expect([maxOf(many), minOf(many)]).toEqual([999_999, 0]);
  const list = [0];
  append(list, many);
  expect(list).toHaveLength(1_000_001);
});

test("as Math.max and Math.min: nothing, bounds, NaN", () => {
  expect([maxOf([]), minOf([]), maxOf([], 3), minOf([], 3)]).toEqual([-Infinity, Infinity, 3, 3]);
  expect([maxOf([1, 5], 3), minOf([1, 5], 0), maxOf([-1], 0)]).toEqual([5, 0, 0]);
  expect([maxOf([1, Number.NaN, 5]), minOf([1, Number.NaN, -5])]).toEqual([Number.NaN, Number.NaN]);
});
