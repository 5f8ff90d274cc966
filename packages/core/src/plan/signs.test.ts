/** What is known to be ≥ 0, and what is only not known to be negative. */
import { expect, test } from "vitest";
import { model, traced } from "../../test/support/run.ts";
import { Facts } from "../graph/facts.ts";
import { graphOf } from "../graph/graph.ts";
import { nonnegativeValues } from "./signs.ts";

const known = async (nodes: string, held = "float[1,3] few = {0, 1, 2}, float[1,3] less = {0, -1, 2}") => {
  const m = model(`net (float[N,3] x) => (float[] y) <${held}> { ${nodes} y = Identity(x) }`);
  const graph = graphOf(m);
  const found = nonnegativeValues(graph, new Facts(graph, await traced(m, { limit: 8 })));
  return [...found].filter((name) => name !== "y").sort();
};

test.each([
  [
    "a rectified value, and what averages and adds up such values",
    "a = Relu(x) b = Add(a, a) c = ReduceMean <axes=[1]> (b)",
    ["a", "b", "c"],
  ],
  ["a constant that is nowhere negative", "a = Relu(x) b = Concat <axis=0> (a, few)", ["a", "b"]],
  ["not one that is somewhere", "a = Relu(x) b = Concat <axis=0> (a, less)", ["a"]],
  ["the input is nothing of it", "a = Add(x, few) b = Neg(x)", []],
  ["nor a difference", "a = Relu(x) b = Sub(a, few)", ["a"]],
])("%s", async (_, nodes, want) => expect(await known(nodes)).toEqual(want));

test("a constant whose numbers nobody has read may be negative", async () => {
  // Computed of an initializer too large for its descendants to be fetched.
  const held = `float[4,3] much = {${Array.from({ length: 12 }, (_, i) => i)}}`;
  expect(await known("a = Relu(x) k = Neg(much) b = Concat <axis=0> (a, k)", held)).toEqual(["a"]);
});
