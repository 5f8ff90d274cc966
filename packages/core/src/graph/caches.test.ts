import { expect, test } from "vitest";
import { isCarried } from "./caches.ts";

test.each<[readonly string[], readonly string[]]>([
  [
    ["x", "h", "c_0", "h_0"],
    ["c_0", "h_0"],
  ],
  [["x_in", "h_in"], ["h_in"]],
  [["a_in", "b_in", "c_in"], []],
  [["c_in", "d_in"], []],
  [
    ["input", "state", "past_key_values.0.key"],
    ["state", "past_key_values.0.key"],
  ],
  [["a", "b", "c", "h"], []],
])("of %j carried are %j", (inputs, carried) => {
  expect(inputs.filter((name) => isCarried(name, inputs))).toEqual(carried);
});
