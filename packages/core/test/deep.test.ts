/** Graphs are as deep as their writers make them: nothing between the file and the artefact may call itself once a node. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../backlit/src/host/runtime/node.ts";
import { compile } from "../src/compile/index.ts";
import { parseModel } from "../src/onnx/index.ts";

const DEEP = 5_000;

/** x → Gemm → `line` once a node → y. */
const chain = (line: (made: string, before: string, i: number) => string) => {
  const name = (i: number) => (i === DEEP - 1 ? "y" : `v${i}`);
  const lines = Array.from({ length: DEEP }, (_, i) => line(name(i), i === 0 ? "h" : name(i - 1), i));
  return parseModel(`<ir_version: 8, opset_import: ["": 17]> chain (float[N, 2] x) => (float[N, 2] y)
    <float[2, 2] w = {1, 0.5, 0.5, 1}, float[2, 2] v = {0.75, 0.25, 0.25, 0.75}, float[2] c = {0.5, -0.5}> {
      h = Gemm(x, w)
      ${lines.join("\n")}
    }`);
};

const chains: Readonly<Record<string, (made: string, before: string, i: number) => string>> = {
  "matrix products and rectifiers": (made, before, i) =>
    i % 2 ? `${made} = Relu(${before})` : `${made} = Gemm(${before}, v, c)`,
  "what a canonical graph has no node for": (made, before) => `${made} = Identity(${before})`,
  "moves there and back": (made, before) => `${made} = Transpose <perm = [1, 0]> (${before})`,
  "sums with constants": (made, before) => `${made} = Add(${before}, c)`,
  activations: (made, before) => `${made} = Tanh(${before})`,
};

describe("a graph thousands of nodes deep", () => {
  for (const [what, line] of Object.entries(chains))
    test(`is compiled: ${what}`, async () => {
      const runtime = await nodeRuntime();
      const { model } = await compile(chain(line), { method: "lrp" }, runtime, { ledger: true });
      expect(model.graph.output.map(({ name }) => name)).toContain("relevance");
    });

  test("skips in a row, with their ledger, take a number of nodes in proportion to theirs", async () => {
    const runtime = await nodeRuntime();
    const nodesOf = async (count: number) => {
      const lines = Array.from({ length: count }, (_, i) => {
        const [before, made] = [i === 0 ? "h" : `s${i - 1}`, i === count - 1 ? "y" : `s${i}`];
        return `r${i} = Relu(${before})\n${made} = Add(r${i}, ${before})`;
      });
      const source = parseModel(`<ir_version: 8, opset_import: ["": 17]> fan (float[N, 2] x) => (float[N, 2] y)
        <float[2, 2] w = {1, 0.5, 0.5, 1}> { h = Gemm(x, w) ${lines.join("\n")} }`);
      return (await compile(source, { method: "lrp" }, runtime, { ledger: true })).model.graph.node.length;
    };
    const [few, more, most] = [await nodesOf(100), await nodesOf(200), await nodesOf(2_000)];
    expect(most - more).toBe((more - few) * 18);
  });
});
