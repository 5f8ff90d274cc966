/** When the model is asked, and which words say so. */
import { describe, expect, test } from "vitest";
import { checkpointsOf } from "./schedule.ts";
import { stridedSpec } from "./strided.ts";

describe("steps", () => {
  test.each<[number, string, readonly number[]]>([
    [10, "log:1", [0, 1, 10]],
    [1000, "log:4", [0, 1, 10, 100, 1000]],
    [3, "log:15", [0, 1, 2, 3]],
    [10, "linear:4", [0, 3, 5, 8, 10]],
    [3, "linear:9", [0, 1, 2, 3]],
    [4, "every", [0, 1, 2, 3, 4]],
    [7, "every:3", [0, 3, 6, 7]],
    [6, "every:3", [0, 3, 6]],
    [9, "first:2", [0, 1, 2]],
    [2, "first:5", [0, 1, 2]],
    [10, "0,1,5,10", [0, 1, 5, 10]],
    [10, "4", [4]],
  ])("of %d units by %s", (n, steps, counts) => expect(checkpointsOf(n, steps)).toEqual(counts));

  test.each([
    "0,5,11",
    "0,5,5",
    "5,0",
    "0,1.5",
    "0,-1",
    "",
    "a",
    "log",
    "log:0",
    "log:1.5",
    "every:0",
    "linear",
    "first",
    "0,,1",
  ])("not '%s' of 10 units", (steps) => expect(() => checkpointsOf(10, steps)).toThrow(/^steps '.*' of 10 units/));
});

describe("windows that overlap", () => {
  test("a side and a stride", () => {
    expect(stridedSpec("grid:16:8")).toEqual({ side: 16, stride: 8 });
    expect(stridedSpec("grid:3:3")).toEqual({ side: 3, stride: 3 });
    expect(stridedSpec("grid:16")).toBeUndefined();
  });
  test.each(["grid:4:0", "grid:4:1.5", "grid:4.5:2", "grid:4:5", "grid:a:2", "grid:4:", "grid:4:-1"])("not %s", (spec) =>
    expect(() => stridedSpec(spec)).toThrow(/two whole numbers, the stride at most the side/),
  );
});
