/** The method under test, for metrics that need more maps than one: of changed inputs, of other classes, of a changed model. */
import { fail } from "../../errors.ts";
import { Explainer } from "../../explain/index.ts";
import { methodNamed } from "../../explain/method-named.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import type { ModelProto } from "../../onnx/proto.ts";
import { externalOf } from "../../onnx/source.ts";
import { isAim, type Judged } from "../../oracle/oracle.ts";
import { type FloatTensor, widthOf } from "../../tensor/float.ts";
import type { Explaining } from "../metric.ts";

export interface ExplainingOptions {
  /** Inputs at a time; default 16. */
  readonly batch?: number;
  /** Numbers of the samples in the data. */
  readonly ids?: readonly number[];
  /** What is asked of all samples, where that is more than a class: A minus B. */
  readonly target?: string | number;
}

/** Maps by a recipe. Models of one input. `own`: what the samples are explained for. */
export const explainingOf = (
  lit: Explainer,
  options: Omit<ExplainOptions, "target">,
  own: readonly Judged[],
  { batch = 16, ids, target: words }: ExplainingOptions = {},
): Explaining => ({
  layers: layersOf(lit.model),
  maps: async (x, samples, targets) => {
    const [maps] = await inParts(x, batch, async (part, from, to) => {
      const judged = samples.slice(from, to).map((n, k) => targets?.[from + k] ?? own[n]!);
      const aims = judged.filter(isAim);
      const classes = aims.length > 0 ? { aims } : (judged as readonly (readonly number[])[]);
      const asked =
        words === undefined
          ? { ...options, target: classes }
          : targets === undefined
            ? { ...options, target: words }
            : { ...unseeded(options), target: classes };
      const drawn = samples.slice(from, to).map((n) => ids?.[n] ?? n);
      return [(await lit.explain(part, { ...asked, ids: drawn })).relevance];
    });
    return maps ?? { type: "float32", dims: x.dims, data: new Float32Array(0) };
  },
  ...(methodNamed(options.method) === undefined && {
    seeded: async (x: FloatTensor, vectors: FloatTensor) => {
      const layers = insideLayers(lit, options);
      return inParts(x, batch, async (part, from, to) => {
        const seedVector = partOf(vectors, from, to);
        const { layers: inside, relevance } = await lit.explain(part, { ...options, layers, seed: "vector", seedVector });
        return [...layers.map((name) => inside[name]!), relevance];
      });
    },
  }),
  inner: (name) => innerValue(lit, options, name),
  on: async (change) => {
    const model = change(lit.model, externalOf(lit.options.source ?? {}));
    const changed = await Explainer.load(lit.bytes, { ...lit.options, model });
    return {
      ...explainingOf(changed, options, own, { batch, ...(ids && { ids }), ...(words !== undefined && { target: words }) }),
      release: () => changed[Symbol.asyncDispose](),
    };
  },
});

/** Of other classes than A minus B: their own maps. */
const unseeded = ({ seed: _, ...options }: Omit<ExplainOptions, "target">): Omit<ExplainOptions, "target"> => options;

/** The tensors that `run` makes of each part of a batch, put together. */
const inParts = async (
  x: FloatTensor,
  batch: number,
  run: (part: FloatTensor, from: number, to: number) => Promise<readonly FloatTensor[]>,
): Promise<readonly FloatTensor[]> => {
  const count = x.dims[0]!;
  let whole: FloatTensor[] = [];
  for (let from = 0; from < count; from += batch) {
    const to = Math.min(count, from + batch);
    const parts = await run(partOf(x, from, to), from, to);
    if (from === 0)
      whole = parts.map((part) => ({
        type: "float32",
        dims: [count, ...part.dims.slice(1)],
        data: new Float32Array(count * widthOf(part)),
      }));
    for (const [i, part] of parts.entries()) whole[i]!.data.set(part.data, from * widthOf(part));
  }
  return whole;
};

const partOf = (x: FloatTensor, from: number, to: number): FloatTensor => ({
  type: "float32",
  dims: [to - from, ...x.dims.slice(1)],
  data: x.data.slice(from * widthOf(x), to * widthOf(x)),
});

/** Values that layers with weights take in, from output to input, without the explained one. */
const insideLayers = (lit: Explainer, options: Omit<ExplainOptions, "target">): readonly string[] => {
  const { steps, explained } = lit.inspect({ ...options, target: "top" }).plan;
  const taken = steps.filter(({ index }) => index !== undefined).map(({ node, inputs }) => node.input[inputs[0]!]!);
  const outside = new Set(explained);
  for (const { node } of steps) if (MOVES.has(node.opType) && outside.has(node.input[0]!)) outside.add(node.output[0]!);
  return [...new Set(taken)].filter((name) => lit.facts.shapes.has(name) && !outside.has(name)).reverse();
};

/** The explained value with its axes in another order is still that value. */
const MOVES = new Set(["Transpose", "Reshape", "Squeeze", "Unsqueeze", "Identity"]);

/** A value of the model by its name; for "" what the last layer with weights takes in. Errors: BadRecipe. */
export const innerValue = (lit: Explainer, { explain, output }: Omit<ExplainOptions, "target">, name: string): string => {
  if (name !== "" && lit.facts.shapes.has(name)) return name;
  const found =
    name === "" ? insideLayers(lit, { method: "gradient", ...(explain && { explain }), ...(output && { output }) }) : [];
  if (found[0] !== undefined) return found[0];
  throw fail("BadRecipe", {
    what: name === "" ? "no layer with weights takes in an inner value" : `no value '${name}'`,
    where: "layer",
    fix: name === "" ? "name a value inside the model" : "inspect lists the values of the model",
  });
};

/** Weights of the layers, in the order of the nodes: the initializers each Conv-, Gemm- or MatMul-like node reads. */
export const layersOf = ({ graph }: ModelProto): readonly (readonly string[])[] => {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  return graph.node
    .filter(({ opType }) => LAYERS.has(opType))
    .map(({ input }) => input.filter((name) => weights.has(name)))
    .filter((names) => names.length > 0);
};

const LAYERS = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN"]);
