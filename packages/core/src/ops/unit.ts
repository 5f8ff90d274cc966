/** An activation spelled out in several nodes: one role for the whole, its derivative by the chain rule through the body. */
import type { Op } from "./role.ts";

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^Sigmoid Mul$/, "SiLU"],
  [/Erf/, "GELU"],
  [/Softplus Tanh Mul/, "Mish"],
  [/HardSigmoid Mul|Clip/, "HardSwish"],
  [/Tanh/, "GELU (tanh)"],
];

/** Gradients never meet a unit: they are emitted on the graph without. */
export const throughItsNodes = (): never => {
  throw new Error("gradients run through the nodes of a unit: canonize with units: false");
};

export const activationUnitRole: Op = (node) => {
  const ops = (node.body ?? []).map((inner) => inner.opType).join(" ");
  return {
    kind: "activation",
    inputs: [0],
    label: NAMES.find(([pattern]) => pattern.test(ops))?.[1] ?? ops,
    derivative: throughItsNodes,
    vjp: throughItsNodes,
  };
};
