import { describe, expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";
import type { Match } from "../composites/index.ts";
import { describeMatch } from "./match.ts";

/** Two paths: stem → (a | b) → sum → dense. The file lists branch b before branch a. */
const text = `net (float[N,2,16,16] x) => (float[N,3] y) <float[4,2,3,3] k0 = random(1), float[4,4,3,3] k1 = random(2), float[4,2,1,1] k2 = random(3), float[4,3] w = random(4), float[3] c = random(5), float[3,3] v = random(6)> {
  ["skip.0/conv"] s = Conv <strides=[2,2]> (x, k2)
  ["stem/conv"] z0 = Conv <strides=[2,2], pads=[1,1,1,1]> (x, k0)
  ["stem/act"] h0 = Relu(z0)
  ["block1/conv"] z1 = Conv <pads=[1,1,1,1]> (h0, k1)
  ["block1/act"] h1 = Relu(z1)
  ["sum"] t = Add(h1, s)
  ["pool"] g = GlobalAveragePool(t)
  f = Flatten(g)
  ["head/fc"] z2 = MatMul(f, w)
  ["head/add"] z3 = Add(z2, c)
  ["head/act"] h2 = Relu(z3)
  ["head/out"] y = MatMul(h2, v) }`;

/** Names of the nodes a match gives its rule to. */
const matched = async (match: Match, source = text): Promise<string[]> => {
  const rule = { name: "epsilon", epsilon: 0.125 };
  const { plan } = planModel(await tracedModel(source), { rules: [{ match, rule }] });
  return plan.steps.filter((step) => step.rule.epsilon === 0.125).map(({ node }) => node.name);
};
const LAYERS = ["skip.0/conv", "stem/conv", "block1/conv", "head/fc", "head/out"];

describe("keys", () => {
  test.each<[string, Match, string[]]>([
    ["nothing: every layer with weights", {}, LAYERS],
    ["op", { op: "MatMul" }, ["head/fc", "head/out"]],
    ["one of several ops", { op: ["MatMul", "Add"] }, ["sum", "head/fc", "head/out"]],
    ["kind", { kind: "sum" }, ["sum", "pool"]],
    ["kinds", { kind: ["activation"] }, ["stem/act", "block1/act", "head/act"]],
    ["first in the file", { first: true }, ["skip.0/conv"]],
    ["all but the first", { first: false }, LAYERS.slice(1)],
    ["the first convolution", { first: "convolution" }, ["skip.0/conv"]],
    ["the first on every path", { "every-first": true }, ["skip.0/conv", "stem/conv"]],
    ["index", { index: 2 }, ["block1/conv"]],
    ["indices", { index: [0, 4] }, ["skip.0/conv", "head/out"]],
    ["range, both ends in", { range: [1, 3] }, ["stem/conv", "block1/conv", "head/fc"]],
    ["several keys: all of them", { op: "Conv", range: [1, 9] }, ["stem/conv", "block1/conv"]],
    ["keys nothing has together", { op: "MatMul", first: true }, []],
    ["a size of map", { op: "Conv", mapAbove: 0.4 }, ["skip.0/conv", "stem/conv", "block1/conv"]],
    ["a larger one", { op: "Conv", mapAbove: 0.5 }, []],
  ])("%s", async (_, match, names) => {
    expect((await matched(match)).sort()).toEqual([...names].sort());
  });
});

describe("names", () => {
  test.each<[string, string | string[], string[]]>([
    ["a node", "stem/conv", ["stem/conv"]],
    ["* takes slashes too", "*conv", ["skip.0/conv", "stem/conv", "block1/conv"]],
    ["in the middle", "b*k1/*", ["block1/conv", "block1/act"]],
    ["? is one letter", "head/??", ["head/fc"]],
    ["a dot is a dot", "skip.0*", ["skip.0/conv"]],
    ["and no other letter", "skip?1*", []],
    ["a value", "z1", ["block1/conv"]],
    ["several", ["stem*", "z1"], ["stem/conv", "stem/act", "block1/conv"]],
    ["a node inside a merged layer", "head/add", ["head/fc"]],
    ["signs of regular expressions", "(head|stem)/.+", []],
  ])("%s", async (_, name, names) => {
    expect((await matched({ name })).sort()).toEqual([...names].sort());
  });

  test("describes itself for the plan", () => {
    expect(describeMatch({ op: ["Conv", "Gemm"], first: true })).toBe("op Conv|Gemm, first");
    expect(describeMatch({})).toBe("every layer");
  });
});
