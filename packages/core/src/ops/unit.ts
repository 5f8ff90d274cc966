/** An activation spelled out in several nodes: one role for the whole, its derivative by the chain rule through the body. */
import { throughBody } from "./body.ts";
import type { Op } from "./role.ts";

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^Sigmoid Mul$/, "SiLU"],
  [/Erf/, "GELU"],
  [/Softplus Tanh Mul/, "Mish"],
  [/HardSigmoid Mul|Clip/, "HardSwish"],
  [/Tanh/, "GELU (tanh)"],
];

export const activationUnitRole: Op = (node) => {
  const ops = (node.body ?? []).map((inner) => inner.opType).join(" ");
  return {
    kind: "activation",
    inputs: [0],
    label: NAMES.find(([pattern]) => pattern.test(ops))?.[1] ?? ops,
    derivative: (site) => throughBody(site, site.g.op("Expand", [site.g.floats(1), site.g.shape(node.output[0]!)])),
    vjp: (site, [r]) => throughBody(site, r!),
  };
};
