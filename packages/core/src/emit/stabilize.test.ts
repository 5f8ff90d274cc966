import { expect, test } from "vitest";
import { floats, model, numbers, runModel } from "../../test/support/run.ts";
import { Builder } from "../graph/builder.ts";
import { Facts } from "../graph/facts.ts";
import { graphOf } from "../graph/graph.ts";
import { damping, stabilized } from "./stabilize.ts";

const Z = [0, -0, 1e-20, -1e-20, 1e-7, -1e-7, 0.5, -0.5, 3e8, -3e8, 3e38, -3e38];

const run = async (write: (g: Builder) => string): Promise<number[]> => {
  const source = model("net (float[N] x) => (float[N] y) { y = Identity(x) }");
  const g = new Builder(new Facts(graphOf(source), { shapes: new Map(), values: new Map(), types: new Map(), notices: [] }), [
    "x",
    "y",
  ]);
  const value = write(g);
  const graph = { ...source.graph, initializer: g.constants, node: [...g.nodes, { ...source.graph.node[0]!, input: [value] }] };
  return numbers((await runModel({ ...source, graph }, { x: floats([Z.length], Z) })).y);
};

test.each([1e-6, 1e-12, 0.25])("stab(z) = z ± ε with the sign of z, + at 0 (ε = %d)", async (epsilon) => {
  const want = Z.map((z) => Math.fround(Math.fround(z) + (z >= 0 ? 1 : -1) * Math.fround(epsilon)));
  expect(await run((g) => stabilized(g, "x", epsilon))).toEqual(want);
});

test("damping is z / stab(z)", async () => {
  const got = await run((g) => damping(g, "x", 1e-6, false));
  Z.forEach((z, i) => {
    expect(got[i]).toBeCloseTo(z === 0 ? 0 : Math.abs(z) / (Math.abs(z) + 1e-6), 6);
  });
});
