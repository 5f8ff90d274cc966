import { expect, test } from "vitest";
import { attr, getFloat, getFloats, getGraph, getInt, getInts, getString, getStrings, getTensor } from "./attributes.ts";
import { parseModel } from "./parse-text.ts";
import { intTensor } from "./tensors.ts";

const value = intTensor("v", [1], [3]);
const node = {
  opType: "Op",
  attribute: [
    attr.int("axis", -1),
    attr.int("end", 2n ** 63n - 1n),
    attr.float("alpha", 0),
    attr.string("mode", "größe"),
    attr.ints("pads", [0, 1]),
    attr.floats("scales", [0.5]),
    attr.strings("names", ["a", ""]),
    attr.tensor("value", value),
  ],
};

test("what is there", () => {
  expect(getInt(node, "axis", 0)).toBe(-1);
  expect(getInt(node, "end")).toBe(Number.MAX_SAFE_INTEGER);
  expect(getFloat(node, "alpha", 0.01)).toBe(0);
  expect(getString(node, "mode", "constant")).toBe("größe");
  expect(getInts(node, "pads")).toEqual([0, 1]);
  expect(getFloats(node, "scales")).toEqual([0.5]);
  expect(getStrings(node, "names")).toEqual(["a", ""]);
  expect(getTensor(node, "value")).toBe(value);
});

test("what is absent", () => {
  expect(getInt(node, "other", 7)).toBe(7);
  expect(getFloat(node, "other")).toBeUndefined();
  expect(getString(node, "other", "constant")).toBe("constant");
  expect(getInts(node, "other")).toBeUndefined();
});

test("what has another type is an error that names the operator", () => {
  expect(() => getInt(node, "alpha", 0)).toThrow('an attribute cannot be read ("alpha" of Op): it is no int');
  expect(() => getTensor(node, "axis")).toThrow(/no tensor/);
});

test("references of functions, and subgraphs", () => {
  const { graph } = parseModel("g () => (y) { y = Op <a: int = @b, body = inner () => (z) { z = Relu (y) }> () }");
  expect(() => getInt(graph.node[0]!, "a")).toThrow(/refers to an attribute of a function/);
  expect(getGraph(graph.node[0]!, "body")!.name).toBe("inner");
});
