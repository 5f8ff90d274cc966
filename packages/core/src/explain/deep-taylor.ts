/** Deep Taylor looked into: whether a model's maps are consistent, and where the neurons of its first layer are expanded. */
import { fail } from "../errors.ts";
import { type Consistency, consistencyOf, type Domain, type RootPoint, rootPoint } from "../methods/taylor/report.ts";
import type { Step } from "../plan/index.ts";
import type { RuleSpec } from "../rules/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Explainer } from "./explainer.ts";
import { fetching } from "./promote.ts";
import type { ExplainOptions } from "./types.ts";

export interface DeepTaylorOptions extends Pick<ExplainOptions, "target" | "explain" | "output"> {
  /** The box of the input, for z^B; default: the one of the preprocessing, if any. */
  readonly low?: number | readonly number[];
  readonly high?: number | readonly number[];
}

export interface FirstLayer {
  readonly node: string;
  readonly rule: RuleSpec;
  /** Why it has this rule: what is known of its input. */
  readonly why: string;
  /** Sample by sample, in the order of the neurons asked for. */
  readonly neurons: readonly (RootPoint & { readonly sample: number; readonly neuron: readonly number[] })[];
}

const recipe = ({ low, high, explain, output }: DeepTaylorOptions) => ({
  composite: { name: "deep-taylor", params: { ...(low !== undefined && { low }), ...(high !== undefined && { high }) } },
  ...(explain !== undefined && { explain }),
  ...(output !== undefined && { output }),
});

/** Consistency of Deep Taylor's maps of a batch. Where f(x) is negative, the theory does not hold, and positivity says so. Errors: those of `explain`. */
export const deepTaylorConsistency = async (
  lit: Explainer,
  x: Tensor | Readonly<Record<string, Tensor>>,
  options: DeepTaylorOptions = {},
): Promise<Consistency> => {
  const { target } = options;
  const { relevance, ledger } = await lit.explain(x, {
    ...recipe(options),
    seed: "logit",
    ledger: true,
    ...(target !== undefined && { target }),
  });
  return consistencyOf(
    relevance as FloatTensor,
    ledger!.map(({ seed }) => seed),
  );
};

/**
 * Root points of first-layer neurons. `neurons`: positions in the layer's output, after the batch: [unit], or [channel, row, column].
 * Weights are read from the compiled gradient, so any layer serves. Errors: BadRecipe (no layer), BadTarget (no such neuron).
 */
export const firstLayerRoots = async (
  lit: Explainer,
  x: Tensor | Readonly<Record<string, Tensor>>,
  neurons: readonly (readonly number[])[],
  options: DeepTaylorOptions = {},
): Promise<FirstLayer> => {
  const { plan } = lit.inspect(recipe(options));
  const step = plan.steps.find(({ index }) => index === 0);
  if (step === undefined) throw fail("BadRecipe", { what: "the model has no layer with weights on the path" });
  const [from, to] = [step.node.input[step.role.inputs[0]!]!, step.node.output[0]!];
  const feeds = lit.feeds(x);
  const session = await lit.session(JSON.stringify({ first: [from, to] }), () => fetching(lit.model, [from, to]));
  const values = await session.run(feeds);
  const input = (feeds[from] ?? values[from]) as FloatTensor;
  const output = values[to] as FloatTensor;
  const samples = input.dims[0]!;
  const width = input.data.length / samples;
  const domain = domainOf(step, input.dims);
  const found: FirstLayer["neurons"][number][] = [];
  for (const neuron of neurons) {
    const options = { method: "gradient", explain: from, output: to, target: Array.from({ length: samples }, () => neuron) };
    const { relevance: weights } = await lit.explain(x, options);
    const at = neuron.reduce((flat, i, axis) => flat * output.dims[axis + 1]! + i, 0);
    for (let n = 0; n < samples; n++) {
      const [own, w] = [input.data, weights.data].map((data) => data.subarray(n * width, (n + 1) * width)) as [
        Float32Array,
        Float32Array,
      ];
      const z = output.data[(n * output.data.length) / samples + at]!;
      const bias = z - w.reduce((sum, wi, i) => sum + wi * own[i]!, 0);
      found.push({ sample: n, neuron, ...rootPoint(own, w, bias, domain) });
    }
  }
  return { node: step.node.name || to, rule: step.rule, why: step.why, neurons: found.sort((a, b) => a.sample - b.sample) };
};

const domainOf = ({ rule, bounds }: Step, dims: readonly number[]): Domain => {
  if (rule.name === "zplus") return { kind: "nonnegative" };
  // Bounds that lie otherwise than along the layer's channels are only known to the artefact.
  if (rule.name !== "zbox" || bounds !== undefined) return { kind: "real" };
  const width = dims.slice(1).reduce((a, b) => a * b, 1);
  const area = width / (dims[1] ?? 1);
  const each = (bound: unknown) =>
    Float32Array.from({ length: width }, (_, i) =>
      typeof bound === "number" ? bound : (bound as number[])[Math.floor(i / area)]!,
    );
  return { kind: "box", low: each(rule.low), high: each(rule.high) };
};
