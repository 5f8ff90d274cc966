/** The method under test, for metrics that need more maps than one: of changed inputs, of other classes, of a changed model. */
import { Explainer } from "../explain/index.ts";
import type { ExplainOptions } from "../explain/types.ts";
import { type FloatTensor, widthOf } from "../methods/method.ts";
import type { ModelProto } from "../onnx/proto.ts";
import type { Explaining } from "./metric.ts";

/** Maps by a recipe, `batch` inputs at a time. Models of one input. `own`: the classes of the samples. */
export const explainingOf = (
  lit: Explainer,
  options: Omit<ExplainOptions, "target">,
  own: readonly (readonly number[])[],
  batch = 16,
): Explaining => ({
  layers: layersOf(lit.model),
  maps: async (x, samples, targets) => {
    const width = widthOf(x);
    const [count, ...shape] = x.dims as [number, ...number[]];
    let maps: Float32Array | undefined;
    let dims: readonly number[] = [];
    for (let from = 0; from < count; from += batch) {
      const to = Math.min(count, from + batch);
      const part: FloatTensor = { type: "float32", dims: [to - from, ...shape], data: x.data.slice(from * width, to * width) };
      const target = samples.slice(from, to).map((n, k) => targets?.[from + k] ?? own[n]!);
      const { relevance } = await lit.explain(part, { ...options, target });
      const each = relevance.data.length / (to - from);
      maps ??= new Float32Array(count * each);
      maps.set(relevance.data, from * each);
      dims = relevance.dims.slice(1);
    }
    return { type: "float32", dims: [count, ...dims], data: maps ?? new Float32Array(0) };
  },
  on: async (change) => {
    const model = change(lit.model);
    return explainingOf(await Explainer.load(lit.bytes, { ...lit.options, model }), options, own, batch);
  },
});

/** Weights of the layers, in the order of the nodes: the initializers each Conv-, Gemm- or MatMul-like node reads. */
const layersOf = ({ graph }: ModelProto): readonly (readonly string[])[] => {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  return graph.node
    .filter(({ opType }) => LAYERS.has(opType))
    .map(({ input }) => input.filter((name) => weights.has(name)))
    .filter((names) => names.length > 0);
};

const LAYERS = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul", "LSTM", "GRU", "RNN"]);
