import type { Explainer } from "@backlit/core";
import { expect, test } from "vitest";
import { togetherOf } from "./together.ts";

const rows = (shapes: Readonly<Record<string, readonly (number | null)[]>>, x: readonly number[], plan = {}) =>
  togetherOf({ facts: { shapes: new Map(Object.entries(shapes)) } } as unknown as Explainer, plan, { x: { dims: x } }).rows;

test("as many rows as the budget has room for, by the largest value; at most 64", () => {
  expect(rows({ x: [null, 3, 224, 224], h: [null, 64, 112, 112], w: [4096, 25088] }, [1, 3, 224, 224])).toBe(8);
  expect(rows({ x: [null, 3, 224, 224], h: [null, 64, 224, 224] }, [1, 3, 224, 224])).toBe(2);
  expect(rows({ x: [null, 4], h: [null, 16] }, [1, 4])).toBe(64);
  expect(rows({ x: [null, 3, 4096, 4096] }, [1, 3, 4096, 4096])).toBe(1);
});

test("sizes that are free count as long as the row is", () => {
  const shapes = { x: [null, 1, null], scores: [null, 8, null, null] };
  expect(rows(shapes, [1, 1, 128])).toBe(64);
  expect(rows(shapes, [1, 1, 512])).toBe(4);
});

test("trees have a limit of their own", () => {
  expect(rows({ x: [null, 4] }, [1, 4], { trees: { trees: [] } })).toBe(512);
});
