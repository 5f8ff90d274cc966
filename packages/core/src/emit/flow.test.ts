import { describe, expect, test } from "vitest";
import { Builder } from "../graph/builder.ts";
import { Facts } from "../graph/facts.ts";
import { graphOf } from "../graph/graph.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { addFlows, full, multiplied, multiplierOf, pair } from "./flow.ts";

const build = () => {
  const graph = graphOf(parseModel("net (float[2] y) => (float[2] z) { z = Relu(y) }"));
  return new Builder(new Facts(graph, { shapes: new Map(), values: new Map(), types: new Map(), notices: [] }), []);
};
const written = (g: Builder) => g.nodes.map(({ opType, input }) => `${opType}(${input})`);

describe("a sum of pairs", () => {
  test("over one value adds multipliers and multiplies once", () => {
    const g = build();
    const flow = addFlows(g, pair("y", "m"), pair("y", "n"));
    expect(written(g)).toEqual(["Add(m,n)"]);
    expect(multiplierOf(flow, "y")).toBe(g.nodes[0]!.output[0]);
    multiplied(g, flow);
    expect(written(g)).toEqual(["Add(m,n)", `Mul(y,${g.nodes[0]!.output[0]})`]);
  });

  test("over two values, or with relevance without a factor, is no multiple of either", () => {
    const g = build();
    const two = addFlows(g, pair("y", "m"), pair("z", "n"));
    expect([multiplierOf(two, "y"), multiplierOf(two, "z")]).toEqual([undefined, undefined]);
    const mixed = addFlows(g, addFlows(g, full("r"), pair("y", "m")), full("s"));
    expect(multiplierOf(mixed, "y")).toBeUndefined();
    expect(written(g)).toEqual(["Add(r,s)"]);
    multiplied(g, mixed);
    expect(written(g).map((line) => line.split("(")[0])).toEqual(["Add", "Mul", "Add"]);
  });

  test("to nothing is itself, and writes nothing", () => {
    const g = build();
    expect(addFlows(g, undefined, full("r"))).toEqual(full("r"));
    expect(multiplied(g, full("r"))).toBe("r");
    expect(g.nodes).toEqual([]);
  });
});
