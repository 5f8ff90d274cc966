/** Element-wise functions and their derivatives f′(x), written with x, y = f(x) and the node's attributes. */
import type { Builder } from "../graph/builder.ts";
import { getFloat, getString } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { weighed } from "./guard.ts";
import type { ActivationRole, Op, Site } from "./role.ts";

interface Activation {
  /** f′ in words, for the list of operators. */
  readonly slope: string;
  /** f′ at x; y is the node's output. */
  readonly derivative: (site: Site, x: string, y: string) => string;
  readonly nonnegative?: true | "keeps";
  readonly relu?: true;
  /** y = 0 for x < 0. */
  readonly cutsNegative?: true;
}

const c = (g: Builder, value: number) => g.floats(value);
const oneMinus = (g: Builder, a: string) => g.sub(c(g, 1), a);
const square = (g: Builder, a: string) => g.mul(a, a);
/** sign x, with sign 0 = 0. */
export const signOf = (g: Builder, x: string): string => g.sub(g.above(x, 0), g.below(x, 0));
/** Slope `low` where x < 0 (or ≤ 0: the derivative at the kink is the left one), 1 elsewhere. */
const twoSlopes = (g: Builder, x: string, low: string) => {
  const on = g.above(x, 0);
  return g.add(on, g.mul(oneMinus(g, on), low));
};
/** σ(x) = exp(x − softplus x), exact where it is small: a runtime's own σ is 0 below −18. */
const logistic = (g: Builder, x: string, softplus: string) => g.op("Exp", [g.sub(x, softplus)]);
/** φ(x) = exp(−x²/2)/√(2π) */
const normalDensity = (g: Builder, x: string) =>
  g.mul(g.op("Exp", [g.mul(square(g, x), c(g, -0.5))]), c(g, 1 / Math.sqrt(2 * Math.PI)));
/** Φ(x) = ½ (1 + erf(x/√2)) */
const normalCumulative = (g: Builder, x: string) => g.mul(g.add(g.op("Erf", [g.mul(x, c(g, Math.SQRT1_2))]), c(g, 1)), c(g, 0.5));

const geluTanh = (g: Builder, x: string) => {
  // f = ½ x (1 + tanh u), u = k (x + a x³): f′ = ½ (1 + t) + ½ x (1 − t²) k (1 + 3 a x²)
  const [k, a] = [Math.sqrt(2 / Math.PI), 0.044715];
  const x2 = square(g, x);
  const t = g.op("Tanh", [g.mul(g.mul(x, g.add(g.mul(x2, c(g, a)), c(g, 1))), c(g, k))]);
  const slope = g.mul(g.add(g.mul(x2, c(g, 3 * a)), c(g, 1)), c(g, k));
  return g.mul(g.add(g.add(t, c(g, 1)), g.mul(g.mul(x, oneMinus(g, square(g, t))), slope)), c(g, 0.5));
};

const clipBounds = ({ node, facts }: Pick<Site, "node" | "facts">) => ({
  low: node.input[1] ? facts.scalar(node.input[1]) : getFloat(node, "min", -Infinity),
  high: node.input[2] ? facts.scalar(node.input[2]) : getFloat(node, "max", Infinity),
});

export const activationOps: Readonly<Record<string, Activation>> = {
  Relu: { slope: "[x > 0]", derivative: ({ g }, _, y) => g.above(y, 0), nonnegative: true, relu: true, cutsNegative: true },
  LeakyRelu: {
    slope: "1 where x > 0, else α",
    derivative: ({ g, node }, x) => twoSlopes(g, x, c(g, getFloat(node, "alpha", 0.01))),
    nonnegative: "keeps",
  },
  PRelu: {
    slope: "1 where x > 0, else the slope",
    derivative: ({ g, node }, x) => twoSlopes(g, x, node.input[1]!),
    nonnegative: "keeps",
  },
  ThresholdedRelu: { slope: "[x > α]", derivative: ({ g, node }, x) => g.above(x, getFloat(node, "alpha", 1)) },
  Clip: {
    slope: "[low < x < high]",
    // Read off the result: who needs the argument besides keeps the clip from being part of the convolution before it.
    derivative: (site, _, y) => {
      const { low = -Infinity, high = Infinity } = clipBounds(site);
      const { g } = site;
      const inside = [...(low > -Infinity ? [g.above(y, low)] : []), ...(high < Infinity ? [g.below(y, high)] : [])];
      return inside.length === 0 ? c(g, 1) : inside.reduce((a, b) => g.mul(a, b));
    },
  },
  Elu: {
    slope: "1 where x > 0, else y + α",
    // x > 0: 1; else α eˣ = y + α
    derivative: ({ g, node }, x, y) => twoSlopes(g, x, g.add(y, c(g, getFloat(node, "alpha", 1)))),
    nonnegative: "keeps",
  },
  Celu: {
    slope: "1 where x > 0, else exp(x/α)",
    derivative: ({ g, node }, x) =>
      twoSlopes(g, x, g.op("Exp", [g.mul(g.negativePart(x), c(g, 1 / getFloat(node, "alpha", 1)))])),
    nonnegative: "keeps",
  },
  Selu: {
    slope: "γ where x > 0, else y + αγ",
    derivative: ({ g, node }, x, y) => {
      const [alpha, gamma] = [getFloat(node, "alpha", 1.6732632), getFloat(node, "gamma", 1.050701)];
      const on = g.above(x, 0);
      return g.add(g.mul(on, c(g, gamma)), g.mul(oneMinus(g, on), g.add(y, c(g, alpha * gamma))));
    },
    nonnegative: "keeps",
  },
  Sigmoid: { slope: "y (1 − y)", derivative: ({ g }, _, y) => g.mul(y, oneMinus(g, y)), nonnegative: true },
  HardSigmoid: {
    slope: "α where 0 < y < 1",
    derivative: ({ g, node }, _, y) => g.mul(g.mul(g.above(y, 0), g.below(y, 1)), c(g, getFloat(node, "alpha", 0.2))),
    nonnegative: true,
  },
  HardSwish: {
    slope: "h + x/6 where −3 < x < 3, h the gate",
    // x·h(x) with h = clip(x/6 + ½, 0, 1): h + x/6 inside (−3, 3)
    derivative: ({ g }, x) => {
      const gate = g.op("Clip", [g.add(g.mul(x, c(g, 1 / 6)), c(g, 0.5)), c(g, 0), c(g, 1)]);
      const inside = g.mul(g.above(x, -3), g.below(x, 3));
      return g.add(gate, g.mul(inside, g.mul(x, c(g, 1 / 6))));
    },
    nonnegative: "keeps",
  },
  Tanh: { slope: "1 − y²", derivative: ({ g }, _, y) => oneMinus(g, square(g, y)), nonnegative: "keeps" },
  Softplus: { slope: "σ(x)", derivative: ({ g }, x, y) => logistic(g, x, y), nonnegative: true },
  Softsign: {
    slope: "1/(1 + |x|)²",
    derivative: ({ g }, x) => g.op("Reciprocal", [square(g, g.add(g.op("Abs", [x]), c(g, 1)))]),
    nonnegative: "keeps",
  },
  Mish: {
    slope: "t + x (1 − t²) σ(x), t = tanh softplus x",
    // x·t with t = tanh(softplus x): t + x (1 − t²) σ(x)
    derivative: ({ g }, x) => {
      const softplus = g.op("Softplus", [x]);
      const t = g.op("Tanh", [softplus]);
      return g.add(t, g.mul(g.mul(x, oneMinus(g, square(g, t))), logistic(g, x, softplus)));
    },
    nonnegative: "keeps",
  },
  Gelu: {
    slope: "Φ(x) + x φ(x), or that of its tanh form",
    derivative: ({ g, node }, x) =>
      getString(node, "approximate", "none") === "tanh"
        ? geluTanh(g, x)
        : g.add(normalCumulative(g, x), g.mul(x, normalDensity(g, x))),
    nonnegative: "keeps",
  },
  Erf: {
    slope: "2/√π exp(−x²)",
    derivative: ({ g }, x) => g.mul(g.op("Exp", [g.op("Neg", [square(g, x)])]), c(g, 2 / Math.sqrt(Math.PI))),
    nonnegative: "keeps",
  },
  Abs: { slope: "sign x", derivative: ({ g }, x) => signOf(g, x), nonnegative: true },
  Exp: { slope: "y", derivative: (_, __, y) => y, nonnegative: true },
  Log: { slope: "1/x", derivative: ({ g }, x) => g.op("Reciprocal", [x]) },
  Sqrt: { slope: "1/(2y)", derivative: ({ g }, _, y) => g.div(c(g, 0.5), y), nonnegative: true },
  Reciprocal: { slope: "−y²", derivative: ({ g }, _, y) => g.op("Neg", [square(g, y)]), nonnegative: "keeps" },
  Sin: { slope: "cos x", derivative: ({ g }, x) => g.op("Cos", [x]) },
  Cos: { slope: "−sin x", derivative: ({ g }, x) => g.op("Neg", [g.op("Sin", [x])]) },
  Tan: { slope: "1 + y²", derivative: ({ g }, _, y) => g.add(square(g, y), c(g, 1)) },
  Asin: {
    slope: "1/√(1 − x²)",
    derivative: ({ g }, x) => g.op("Reciprocal", [g.op("Sqrt", [oneMinus(g, square(g, x))])]),
    nonnegative: "keeps",
  },
  Acos: {
    slope: "−1/√(1 − x²)",
    derivative: ({ g }, x) => g.op("Neg", [g.op("Reciprocal", [g.op("Sqrt", [oneMinus(g, square(g, x))])])]),
    nonnegative: true,
  },
  Atan: {
    slope: "1/(1 + x²)",
    derivative: ({ g }, x) => g.op("Reciprocal", [g.add(square(g, x), c(g, 1))]),
    nonnegative: "keeps",
  },
  Sinh: { slope: "cosh x", derivative: ({ g }, x) => g.op("Cosh", [x]), nonnegative: "keeps" },
  Cosh: { slope: "sinh x", derivative: ({ g }, x) => g.op("Sinh", [x]), nonnegative: true },
  Asinh: {
    slope: "1/√(x² + 1)",
    derivative: ({ g }, x) => g.op("Reciprocal", [g.op("Sqrt", [g.add(square(g, x), c(g, 1))])]),
    nonnegative: "keeps",
  },
  Acosh: {
    slope: "1/√(x² − 1)",
    derivative: ({ g }, x) => g.op("Reciprocal", [g.op("Sqrt", [g.sub(square(g, x), c(g, 1))])]),
    nonnegative: true,
  },
  Atanh: { slope: "1/(1 − x²)", derivative: ({ g }, x) => g.op("Reciprocal", [oneMinus(g, square(g, x))]), nonnegative: "keeps" },
  Shrink: {
    slope: "[|x| > λ]",
    // x ∓ bias beyond ±λ, 0 between
    derivative: ({ g, node }, x) => {
      const limit = getFloat(node, "lambd", 0.5);
      return g.add(g.above(x, limit), g.below(x, -limit));
    },
  },
  Swish: {
    slope: "s + αx s (1 − s), s = σ(αx)",
    // x·s with s = σ(αx): s + αx·s(1 − s)
    derivative: ({ g, node }, x) => {
      const scaled = g.scale(x, getFloat(node, "alpha", 1));
      const s = g.op("Sigmoid", [scaled]);
      return g.mul(s, g.add(g.mul(scaled, oneMinus(g, s)), c(g, 1)));
    },
    nonnegative: "keeps",
  },
  Pow: {
    slope: "p xᵖ⁻¹",
    // exponent a constant: p xᵖ⁻¹
    derivative: ({ g, node }, x) => {
      const exponent = g.op("Cast", [node.input[1]!], { to: DataType.FLOAT });
      return g.mul(exponent, g.op("Pow", [x, g.sub(exponent, c(g, 1))]));
    },
  },
  Mod: {
    slope: "1",
    // the remainder of a division by a constant: x − b ⌊x/b⌋
    derivative: ({ g }, x) => g.op("Expand", [c(g, 1), g.shape(x)]),
  },
};

/** The role of an element-wise op by its name. */
export const activation =
  (opType: string): Op =>
  (node, facts) => {
    const known = activationOps[opType]!;
    if (node.input.slice(1).some((name) => name !== "" && !facts.isConstant(name)))
      return "its parameters are computed from the input";
    const clip = opType === "Clip" ? clipBounds({ node, facts }) : undefined;
    const derivative = (site: Site) => known.derivative(site, site.node.input[0]!, site.node.output[0]!);
    const role: ActivationRole = {
      kind: "activation",
      inputs: [0],
      derivative,
      vjp: (site, [g]) => weighed(site, g!, derivative(site)),
      nonnegative: (input) => known.nonnegative === true || (clip?.low ?? -1) >= 0 || (known.nonnegative === "keeps" && input(0)),
      ...(known.relu && { relu: true }),
      ...((known.cutsNegative || clip?.low === 0) && { cutsNegative: true }),
    };
    return role;
  };
