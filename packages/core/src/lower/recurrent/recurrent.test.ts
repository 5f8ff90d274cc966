/** LSTM, GRU and RNN unrolled: the same numbers as the operator, the right gradient, and Arras' relevance. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { explain, type Feeds, floats, ints, model, noise, numbers, runModel, sessionOf } from "../../../test/support/run.ts";
import type { TraceOptions } from "../../graph/trace.ts";
import { prepare } from "../prepare.ts";

const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const;
type Op = keyof typeof GATES;
const [T, I, H] = [5, 3, 4];

interface Layer {
  readonly op: Op;
  readonly attributes?: string;
  readonly directions?: 1 | 2;
  /** Of B, sequence_lens, initial_h, initial_c, P: those given. */
  readonly given?: readonly string[];
  readonly lengths?: string;
}

/** A layer over x [T, N, I], with all its outputs. */
const layer = ({ op, attributes = "", directions = 1, given = ["B"], lengths = "lens" }: Layer): string => {
  const a = GATES[op];
  const d = directions;
  const has = (name: string, as = name) => (given.includes(name) ? as : "");
  const rest = [has("B"), has("lens", lengths), has("h0"), ...(op === "LSTM" ? [has("c0"), has("P")] : [])].join(", ");
  const results = op === "LSTM" ? "y, yh, yc" : "y, yh";
  const list = [`hidden_size=${H}`, attributes].filter(Boolean).join(", ");
  const batch = given.some((name) => name === "h0" || name === "c0" || (name === "lens" && lengths === "lens")) ? 2 : "N";
  return `net (float[${T},${batch},${I}] x${lengths === "lens" ? "" : `, int32[N] ${lengths}`}) => (${results.replace(/\w+/g, "float[] $&")})
    <float[${d},${a * H},${I}] W = random(1), float[${d},${a * H},${H}] R = random(2), float[${d},${2 * a * H}] B = random(3),
     float[${d},2,${H}] h0 = random(4), float[${d},2,${H}] c0 = random(5), float[${d},${3 * H}] P = random(6), int32[2] lens = {3,5}> {
    ${results} = ${op} <${list}> (x, W, R, ${rest}) }`;
};

const same = async (text: string, feeds: Feeds, options: TraceOptions = {}) => {
  const prepared = await prepare(model(text), await nodeRuntime(), options);
  expect(prepared.model.graph.node.filter((node) => node.opType in GATES)).toEqual([]);
  const [before, after] = [await runModel(text, feeds), await runModel(prepared.model, feeds)];
  for (const [name, tensor] of Object.entries(before)) {
    expect(after[name]!.dims).toEqual(tensor.dims);
    numbers(after[name]).forEach((value, i) => void expect(value).toBeCloseTo(numbers(tensor)[i]!, 5));
  }
  return prepared;
};

const LAYERS: Readonly<Record<string, Layer>> = {
  LSTM: { op: "LSTM" },
  "LSTM without biases": { op: "LSTM", given: [] },
  "LSTM, reverse": { op: "LSTM", attributes: `direction="reverse"` },
  "LSTM, bidirectional, initial states": {
    op: "LSTM",
    attributes: `direction="bidirectional"`,
    directions: 2,
    given: ["B", "h0", "c0"],
  },
  "LSTM with peepholes": { op: "LSTM", given: ["B", "h0", "c0", "P"] },
  "LSTM with peepholes, from zero": { op: "LSTM", given: ["P"] },
  "LSTM with coupled gates": { op: "LSTM", attributes: "input_forget=1", given: ["B", "c0"] },
  "LSTM, clipped": { op: "LSTM", attributes: "clip=0.2", given: ["B", "h0", "c0"] },
  "LSTM, other activations": {
    op: "LSTM",
    attributes: `activations=["HardSigmoid","Softsign","Relu"], activation_alpha=[0.3], activation_beta=[0.4]`,
  },
  "LSTM, sequences of several lengths": { op: "LSTM", given: ["B", "lens", "h0", "c0"] },
  "LSTM, several lengths, bidirectional": {
    op: "LSTM",
    attributes: `direction="bidirectional"`,
    directions: 2,
    given: ["B", "lens"],
  },
  "LSTM, lengths as an input": {
    op: "LSTM",
    attributes: `direction="bidirectional"`,
    directions: 2,
    given: ["B", "lens"],
    lengths: "n",
  },
  GRU: { op: "GRU" },
  "GRU, reset late": { op: "GRU", attributes: "linear_before_reset=1" },
  "GRU, bidirectional, initial state": { op: "GRU", attributes: `direction="bidirectional"`, directions: 2, given: ["B", "h0"] },
  "GRU, bidirectional, reset late": {
    op: "GRU",
    attributes: `direction="bidirectional", linear_before_reset=1`,
    directions: 2,
    given: ["B", "h0", "lens"],
  },
  "GRU without biases, other activations": {
    op: "GRU",
    attributes: `activations=["Sigmoid","LeakyRelu"], activation_alpha=[0.1]`,
    given: [],
  },
  "GRU, reset late, without biases": { op: "GRU", attributes: "linear_before_reset=1", given: [] },
  "GRU, clipped": { op: "GRU", attributes: "clip=0.2", given: ["B", "h0"] },
  RNN: { op: "RNN" },
  "RNN, bidirectional, Relu": {
    op: "RNN",
    attributes: `direction="bidirectional", activations=["Relu","Tanh"]`,
    directions: 2,
    given: ["B", "h0"],
  },
  "RNN, reverse, lengths": { op: "RNN", attributes: `direction="reverse"`, given: ["B", "lens"] },
};

describe("forward", () => {
  for (const [name, spec] of Object.entries(LAYERS))
    test(name, async () => {
      const lengths =
        spec.lengths === undefined
          ? {}
          : { [spec.lengths]: { ...ints([2], [4, 2]), type: "int32" as const, data: Int32Array.of(4, 2) } };
      await same(layer(spec), { x: noise([T, 2, I], 9, 4), ...lengths });
    });

  test("batch first (layout 1), which ONNX Runtime does not run", async () => {
    const spec: Layer = { op: "LSTM", given: ["B"] };
    const first = layer(spec).replace(`float[${T},N,${I}]`, `float[N,${T},${I}]`).replace("hidden_size", "layout=1, hidden_size");
    const prepared = await prepare(model(first), await nodeRuntime());
    const x = noise([T, 2, I], 9, 4);
    const swapped = Float32Array.from({ length: 2 * T * I }, (_, k) => {
      const [n, t, i] = [Math.floor(k / (T * I)), Math.floor(k / I) % T, k % I];
      return numbers(x)[(t * 2 + n) * I + i]!;
    });
    const [want, got] = [
      await runModel(layer(spec), { x }),
      await runModel(prepared.model, { x: { type: "float32", dims: [2, T, I], data: swapped } }),
    ];
    expect(got.y!.dims).toEqual([2, T, 1, H]);
    expect(got.yh!.dims).toEqual([2, 1, H]);
    const y = numbers(want.y);
    numbers(got.y).forEach((value, k) => {
      const [n, t, h] = [Math.floor(k / (T * H)), Math.floor(k / H) % T, k % H];
      expect(value).toBeCloseTo(y[(t * 2 + n) * H + h]!, 5);
    });
    numbers(got.yc).forEach((value, k) => void expect(value).toBeCloseTo(numbers(want.yc)[k]!, 5));
  });

  test("a free length is fixed to the sample's, or the user's; the batch stays free", async () => {
    const free = layer({ op: "GRU" }).replace(`float[${T},N,`, "float[T,N,");
    const prepared = await same(free, { x: noise([7, 3, I], 1) }, { sample: { x: { dims: [7, 1, I] } } });
    expect(prepared.facts.shapes.get("x")).toEqual([7, null, I]);
    expect(prepared.facts.notices).toContainEqual(
      "the length of the sequence (GRU 'y') depends on the size T, which is fixed to 7: the artefact takes no other (--dim T=n names another)",
    );
    expect((await prepare(model(free), await nodeRuntime(), { dims: { T: 3 } })).facts.shapes.get("x")).toEqual([3, null, I]);
  });

  test("zeros made in the batch's size are no initial state", async () => {
    const text = layer({ op: "LSTM" })
      .replace("(x, W, R, B, , , , )", "(x, W, R, B, , z, z)")
      .replace(
        " y, yh, yc = LSTM",
        `
        s = Shape <start=1, end=2> (x) one = Constant <value = int64[1] {1}> () four = Constant <value = int64[1] {4}> ()
        d = Concat <axis=0> (one, s, four) z = ConstantOfShape(d) y, yh, yc = LSTM`,
      );
    const prepared = await same(text, { x: noise([T, 2, I], 9) });
    expect(prepared.model.graph.node.filter((node) => node.opType === "Gather" && node.input[0] === "z")).toEqual([]);
  });
});

/** A classifier of two classes over the last state, and over all of Y. */
const classifier = (spec: Layer): string => {
  const d = spec.directions ?? 1;
  return layer(spec)
    .replace(/\) => \([^)]*\)/, ") => (float[] logits)")
    .replace("> {", `, float[${d * H},2] V = random(11), int64[2] flat = {-1,${d * H}}> {`)
    .replace(
      / \}$/,
      ` f = Transpose <perm=[1,0,2]> (yh) v = Reshape(f, flat) q = MatMul(v, V)
      m = ReduceMean <axes=[0], keepdims=0> (y) mt = Transpose <perm=[1,0,2]> (m) mr = Reshape(mt, flat) p = MatMul(mr, V) logits = Add(p, q) }`,
    );
};

describe("gradient", () => {
  for (const name of [
    "LSTM with peepholes",
    "LSTM, several lengths, bidirectional",
    "GRU, bidirectional, initial state",
    "GRU, reset late",
    "RNN, reverse, lengths",
    "LSTM with coupled gates",
  ])
    test(`${name}: as finite differences have it`, async () => {
      const text = classifier(LAYERS[name]!);
      const x = noise([T, 2, I], 21, 3);
      const seed = floats([2, 2], [1, -2, 3, 1]);
      const { relevance } = await explain(text, { x }, { recipe: { method: "gradient", seed: "vector" } }, { seed });
      const step = 2 ** -7;
      const { model: plain } = await prepare(model(text), await nodeRuntime());
      await using session = await sessionOf(plain);
      const scoreAt = async (i: number, by: number) => {
        const data = Float32Array.from(numbers(x));
        data[i]! += by;
        const logits = numbers((await session.run({ x: { ...x, data } })).logits);
        return logits.reduce((score, logit, k) => score + logit * numbers(seed)[k]!, 0);
      };
      for (let i = 0; i < T * 2 * I; i++)
        expect(relevance[i]).toBeCloseTo(((await scoreAt(i, step)) - (await scoreAt(i, -step))) / (2 * step), 3);
    });
});

test("what is not unrolled says why", async () => {
  const x = noise([T, 2, I], 1);
  const why = async (text: string, feeds: Feeds = { x }) => {
    const reason = await explain(text, feeds).catch((error) => error);
    expect(reason).toMatchObject({ _tag: "Unsupported" });
    return reason.parts.why;
  };
  const text = classifier({ op: "GRU" });
  const fed = text
    .replace(/float\[1,\d+,\d\] W = random\(1\),/, "")
    .replace("float[5,N,3] x", `float[5,N,3] x, float[1,${3 * H},${I}] W`);
  expect(await why(fed, { x, W: noise([1, 3 * H, I], 1) })).toBe("its weights are computed from the input");
  const long = text.replace(`float[${T},N`, "float[1200,N");
  expect(await why(long, { x: noise([1200, 1, I], 1) })).toMatch(/1,200 steps, and at most 1,000 are unrolled/);
});
