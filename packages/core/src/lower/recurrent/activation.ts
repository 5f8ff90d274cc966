/** The activations a recurrent operator names in its lists, as operators of their own. `alpha` and `beta` are taken by those that have them, in turn. */
import { type AttrValue, type Builder, float } from "../../graph/builder.ts";
import { getFloats, getStrings } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";

export interface Activation {
  readonly op: string;
  /** f(x) */
  of(x: string): string;
  /** 1 − f(x), again the result of a gate where f is one: 1 − σ(x) = σ(−x). */
  complement(x: string): string;
}

interface Known {
  readonly op: string;
  readonly alpha?: number;
  readonly beta?: number;
}

const KNOWN: readonly Known[] = [
  { op: "Sigmoid" },
  { op: "Tanh" },
  { op: "Relu" },
  { op: "Softsign" },
  { op: "Softplus" },
  { op: "LeakyRelu", alpha: 0.01 },
  { op: "ThresholdedRelu", alpha: 1 },
  { op: "Elu", alpha: 1 },
  { op: "HardSigmoid", alpha: 0.2, beta: 0.5 },
  { op: "ScaledTanh", alpha: 1, beta: 1 },
  { op: "Affine", alpha: 1, beta: 0 },
];

/** For each direction its activations; text names one that is not known. */
export const activationsOf = (
  node: NodeProto,
  g: Builder,
  directions: number,
  defaults: readonly string[],
): readonly (readonly Activation[])[] | string => {
  const listed = getStrings(node, "activations") ?? [];
  const names = listed.length === 0 ? Array.from({ length: directions }, () => defaults).flat() : listed;
  const [alphas, betas] = [[...(getFloats(node, "activation_alpha") ?? [])], [...(getFloats(node, "activation_beta") ?? [])]];
  const all: Activation[] = [];
  for (const name of names) {
    const known = KNOWN.find(({ op }) => op.toLowerCase() === name.toLowerCase());
    if (known === undefined) return `its activation '${name}' is not known`;
    const alpha = known.alpha === undefined ? undefined : (alphas.shift() ?? known.alpha);
    const beta = known.beta === undefined ? undefined : (betas.shift() ?? known.beta);
    all.push(activation(g, known.op, alpha, beta));
  }
  return Array.from({ length: directions }, (_, d) => all.slice(d * defaults.length, (d + 1) * defaults.length));
};

const activation = (g: Builder, op: string, alpha = 0, beta = 0): Activation => {
  const attributes: Record<string, AttrValue> = {};
  if (["LeakyRelu", "ThresholdedRelu", "Elu", "HardSigmoid"].includes(op)) attributes.alpha = float(alpha);
  if (op === "HardSigmoid") attributes.beta = float(beta);
  const of = (x: string): string => {
    if (op === "ScaledTanh") return g.scale(g.op("Tanh", [g.scale(x, beta)]), alpha);
    if (op === "Affine") return g.add(g.scale(x, alpha), g.floats(beta));
    return g.op(op, [x], attributes);
  };
  const complement = (x: string) => (op === "Sigmoid" ? g.op(op, [g.op("Neg", [x])]) : g.sub(g.floats(1), of(x)));
  return { op, of, complement };
};
