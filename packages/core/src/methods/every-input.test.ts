/** Sets, bags, graphs, series whose samples lie elsewhere, values without a batch: every method gives a finite map of the input, or says why not. */
import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/load.ts";
import { type Feeds, floats, ints, noise } from "../../test/support/run.ts";
import { isBacklitError } from "../errors.ts";
import type { Explanation } from "../explain/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { methodCards } from "./cards.ts";

const HELD =
  "float[3,4] w = random(1), float[4,2] v = random(2), float[4,1] a = random(3), float[3,1] u = random(4), int64 one = {1}, int64 none = {0}, int64[1] first = {0}, int64[1] last = {-1}";
const net = (head: string, nodes: string) => `<ir_version: 8, opset_import: ["" : 17]> net ${head} <${HELD}> { ${nodes} }`;

/** `empty`: the axis of which nothing is there. */
const inputs: Readonly<Record<string, { readonly text: string; readonly feeds: Feeds; readonly empty?: number }>> = {
  "a set": {
    text: net("(float[N,3] x) => (float[1,2] y)", "h = MatMul(x, w) r = Relu(h) m = ReduceMean <axes=[0]> (r) y = MatMul(m, v)"),
    feeds: { x: noise([5, 3], 1) },
    empty: 0,
  },
  "a set without its axis": {
    text: net("(float[N,3] x) => (float[2] y)", "h = MatMul(x, w) m = ReduceMax <axes=[0], keepdims=0> (h) y = MatMul(m, v)"),
    feeds: { x: noise([5, 3], 2) },
    empty: 0,
  },
  bags: {
    text: net(
      "(float[B,N,3] x) => (float[B,2] y)",
      "h = MatMul(x, w) r = Relu(h) m = ReduceMax <axes=[1], keepdims=0> (r) y = MatMul(m, v)",
    ),
    feeds: { x: noise([2, 5, 3], 3) },
    empty: 0,
  },
  "a bag with attention": {
    text: net(
      "(float[N,3] x) => (float[1,2] y)",
      "h = MatMul(x, w) t = Tanh(h) s = MatMul(t, a) c = Transpose(s) p = Softmax <axis=1> (c) m = MatMul(p, h) y = MatMul(m, v)",
    ),
    feeds: { x: noise([5, 3], 4) },
    empty: 0,
  },
  "a graph by its edges": {
    text: net(
      "(float[N,3] x, int64[2,E] edges) => (float[1,2] y)",
      `from = Gather(edges, none) to = Gather(edges, one) h = MatMul(x, w) sent = Gather(h, from) size = Shape(h)
       zeros = ConstantOfShape(size) into = Unsqueeze(to, last) got = ScatterND <reduction="add"> (zeros, into, sent) r = Relu(got)
       m = ReduceSum(r, first) y = MatMul(m, v)`,
    ),
    feeds: { x: noise([4, 3], 5), edges: ints([2, 5], [0, 1, 2, 3, 0, 1, 2, 3, 0, 2]) },
    empty: 0,
  },
  "a series, time first": {
    text: net(
      "(float[T,N,3] x) => (float[N,2] y)",
      "h = MatMul(x, w) r = Relu(h) m = ReduceMean <axes=[0], keepdims=0> (r) y = MatMul(m, v)",
    ),
    feeds: { x: noise([6, 2, 3], 6) },
    empty: 1,
  },
  "a score without axes": {
    text: net("(float[N,3] x) => (float[] y)", "h = MatMul(x, u) y = ReduceSum <keepdims=0> (h)"),
    feeds: { x: noise([4, 3], 7) },
    empty: 0,
  },
  "one vector": { text: net("(float[3] x) => (float[2] y)", "h = MatMul(x, w) y = MatMul(h, v)"), feeds: { x: noise([3], 8) } },
};

/** Of maps inside and of attention: not every model has any. */
const READS_INSIDE = new Set(["cam", "attention"]);
/** They refuse models without trees, and without distances from centres, in words. */
const OF_THEIR_MODELS = new Set(["tree-shap", "neuralised"]);
const params: Readonly<Record<string, object>> = { "activation-maximization": { steps: 2 }, smoothgrad: { samples: 3 } };

describe.each(Object.entries(inputs))("%s", (_, { text, feeds, empty }) => {
  const each = async (given: Feeds, found: (method: (typeof methodCards)[number], result: Explanation | Error) => void) => {
    await using lit = await loadText(text);
    for (const card of methodCards) {
      const own = params[card.name];
      const options = { method: card.name, ...(own !== undefined && { params: own as Readonly<Record<string, unknown>> }) };
      found(card, await lit.explain(given, options).catch((error: Error) => error));
    }
  };

  test("in every method", async () => {
    await each(feeds, ({ name, family }, result) => {
      if (result instanceof Error) {
        expect(isBacklitError(result, "Unsupported"), `${name}: ${result.stack}`).toBe(true);
        expect(READS_INSIDE.has(family) || OF_THEIR_MODELS.has(name), `${name}: ${result.message}`).toBe(true);
        return;
      }
      const { dims, data } = result.relevance;
      expect(data.every(Number.isFinite), name).toBe(true);
      const { dims: own } = feeds.x!;
      if (READS_INSIDE.has(family)) expect(own.length, name).toBe(dims.length);
      else expect(dims, name).toEqual(own);
    });
  });

  test.skipIf(empty === undefined)("nothing of it", async () => {
    const none: Tensor = floats(
      feeds.x!.dims.map((size, axis) => (axis === empty ? 0 : size)),
      [],
    );
    await each({ ...feeds, x: none }, ({ name }, result) => {
      expect(result, name).toMatchObject({ _tag: "BadInput", message: expect.stringMatching(/input 'x'.*at least one sample/) });
    });
  });
});
