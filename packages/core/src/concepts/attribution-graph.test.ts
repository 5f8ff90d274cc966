import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model, noise } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { attributionGraph } from "./attribution-graph.ts";

const net = `net (float[N,4] x) => (float[N,2] y) <float[4,5] u = random(1), float[5,3] v = random(2), float[3,2] w = random(3)>
{ a = MatMul(x, u) b = Relu(a) c = MatMul(b, v) d = Relu(c) y = MatMul(d, w) }`;

test("edges into a layer add up to what its upper channels have; the class's to the seed", async () => {
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const x = noise([1, 4], 7, 4);
  const options = { composite: "epsilon", seed: "logit", target: 0 } as const;
  const graph = await attributionGraph(lit, x, { values: ["d", "b"], top: 5, options });
  expect(graph.target).toEqual([0]);
  const logit = (await lit.explain(x, options)).output.data[0] as number;
  const fromClass = graph.edges.filter(({ from }) => from === undefined);
  expect(fromClass.reduce((sum, { relevance }) => sum + relevance, 0)).toBeCloseTo(logit, 4);
  for (const { value, channel, relevance } of graph.channels.filter(({ value }) => value === "d")) {
    const down = graph.edges.filter(({ from }) => from?.value === value && from.channel === channel);
    expect(down.reduce((sum, edge) => sum + edge.relevance, 0)).toBeCloseTo(relevance, 4);
  }
  const two = await attributionGraph(lit, x, { values: ["d", "b"], top: 2, options });
  expect(two.channels).toHaveLength(4);
  expect(two.edges).toHaveLength(2 + 2 * 2);
  expect(Math.abs(two.channels[0]!.relevance)).toBeGreaterThanOrEqual(Math.abs(two.channels[1]!.relevance));
  await expect(attributionGraph(lit, x, { values: [], options })).rejects.toThrow(/without values/);
  await expect(attributionGraph(lit, noise([2, 4], 1), { values: ["d"], options })).rejects.toThrow(/one sample/);
});
