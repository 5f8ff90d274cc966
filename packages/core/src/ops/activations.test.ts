/** Every activation against its formula in float64: the forward value, and f′ by central differences of the formula. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { floats, noise, numbers } from "../../test/support/run.ts";
import { vjpOf } from "../../test/support/vjp.ts";
import { activationOps } from "./activations.ts";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const softplus = (x: number) => Math.log1p(Math.exp(x));
const clip = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);
/** Series of Abramowitz & Stegun 7.1.5: exact to rounding for |x| ≤ 4. */
const erf = (x: number) => {
  let [term, total] = [x, x];
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
};
const gelu = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2));
const geluTanh = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

interface Case {
  readonly name: string;
  readonly call: string;
  f(x: number): number;
  readonly held?: string;
  readonly opset?: number;
  readonly positive?: true;
  /** Where f is defined, when not everywhere. */
  readonly domain?: readonly [number, number];
}
const CASES: readonly Case[] = [
  { name: "Relu", call: "Relu(x)", f: (x) => Math.max(x, 0) },
  { name: "LeakyRelu", call: "LeakyRelu <alpha=0.2> (x)", f: (x) => (x > 0 ? x : 0.2 * x) },
  { name: "LeakyRelu", call: "LeakyRelu(x)", f: (x) => (x > 0 ? x : 0.01 * x) },
  { name: "PRelu", call: "PRelu(x, slope)", held: "float[1] slope = {0.3}", f: (x) => (x > 0 ? x : 0.3 * x) },
  { name: "ThresholdedRelu", call: "ThresholdedRelu <alpha=0.7> (x)", f: (x) => (x > 0.7 ? x : 0) },
  { name: "Clip", call: "Clip(x, low, high)", held: "float low = {-1}, float high = {2.5}", f: (x) => clip(x, -1, 2.5) },
  { name: "Clip", call: 'Clip(x, "", high)', held: "float high = {1}", f: (x) => Math.min(x, 1) },
  { name: "Clip", call: "Clip(x, low)", held: "float low = {-0.5}", f: (x) => Math.max(x, -0.5) },
  { name: "Clip", call: "Clip(x)", f: (x) => x },
  { name: "Elu", call: "Elu <alpha=1.3> (x)", f: (x) => (x > 0 ? x : 1.3 * Math.expm1(x)) },
  { name: "Celu", call: "Celu <alpha=0.6> (x)", f: (x) => Math.max(x, 0) + Math.min(0, 0.6 * Math.expm1(x / 0.6)) },
  { name: "Selu", call: "Selu(x)", f: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)) },
  { name: "Sigmoid", call: "Sigmoid(x)", f: sigmoid },
  { name: "HardSigmoid", call: "HardSigmoid(x)", f: (x) => clip(0.2 * x + 0.5, 0, 1) },
  { name: "HardSigmoid", call: "HardSigmoid <alpha=0.5, beta=0.4> (x)", f: (x) => clip(0.5 * x + 0.4, 0, 1) },
  { name: "HardSwish", call: "HardSwish(x)", f: (x) => x * clip(x / 6 + 0.5, 0, 1) },
  { name: "Tanh", call: "Tanh(x)", f: Math.tanh },
  { name: "Softplus", call: "Softplus(x)", f: softplus },
  { name: "Softsign", call: "Softsign(x)", f: (x) => x / (1 + Math.abs(x)) },
  { name: "Mish", call: "Mish(x)", opset: 18, f: (x) => x * Math.tanh(softplus(x)) },
  { name: "Gelu", call: "Gelu(x)", opset: 20, f: gelu },
  { name: "Gelu", call: 'Gelu <approximate="tanh"> (x)', opset: 20, f: geluTanh },
  { name: "Erf", call: "Erf(x)", f: erf },
  { name: "Abs", call: "Abs(x)", f: Math.abs },
  { name: "Exp", call: "Exp(x)", f: Math.exp },
  { name: "Log", call: "Log(x)", f: Math.log, positive: true },
  { name: "Sqrt", call: "Sqrt(x)", f: Math.sqrt, positive: true },
  { name: "Reciprocal", call: "Reciprocal(x)", f: (x) => 1 / x, positive: true },
  { name: "Sin", call: "Sin(x)", f: Math.sin },
  { name: "Cos", call: "Cos(x)", f: Math.cos },
  { name: "Pow", call: "Pow(x, p)", held: "float p = {2.5}", f: (x) => x ** 2.5, positive: true },
  { name: "Pow", call: "Pow(x, p)", held: "float p = {3}", f: (x) => x ** 3 },
  { name: "Pow", call: "Pow(x, p)", held: "int64 p = {2}", f: (x) => x ** 2 },
  { name: "Tan", call: "Tan(x)", f: Math.tan, domain: [-1.2, 1.2] },
  { name: "Asin", call: "Asin(x)", f: Math.asin, domain: [-0.9, 0.9] },
  { name: "Acos", call: "Acos(x)", f: Math.acos, domain: [-0.9, 0.9] },
  { name: "Atan", call: "Atan(x)", f: Math.atan },
  { name: "Sinh", call: "Sinh(x)", f: Math.sinh },
  { name: "Cosh", call: "Cosh(x)", f: Math.cosh },
  { name: "Asinh", call: "Asinh(x)", f: Math.asinh },
  { name: "Acosh", call: "Acosh(x)", f: Math.acosh, domain: [1.1, 4] },
  { name: "Atanh", call: "Atanh(x)", f: Math.atanh, domain: [-0.9, 0.9] },
  {
    name: "Shrink",
    call: "Shrink <lambd=0.8, bias=0.3> (x)",
    f: (x) => (x > 0.8 ? x - 0.3 : x < -0.8 ? x + 0.3 : 0),
  },
  { name: "Swish", call: "Swish <alpha=1.5> (x)", opset: 24, f: (x) => x * sigmoid(1.5 * x) },
  { name: "Mod", call: "Mod <fmod=1> (x, p)", held: "float p = {1.5}", f: (x) => x % 1.5 },
];

test("every activation has a case", () => {
  expect(new Set(CASES.map(({ name }) => name))).toEqual(new Set(Object.keys(activationOps)));
});

describe.each(CASES.map((it) => [it.call, it] as const))("%s", (_, { call, f, held = "", opset = 17, positive, domain }) => {
  test("f and f′", async () => {
    const text = `<ir_version: 9, opset_import: ["" : ${opset}]>
      net (float[2,24] x) => (float[2,24] y) <${held ? `${held}, ` : ""}float one = {1}> { h = ${call} y = Mul(h, one) }`;
    const x = numbers(noise([2, 24], 8, positive ? 4 : 8)).map((v) => {
      if (domain !== undefined) return Math.fround(domain[0] + (domain[1] - domain[0]) * (v / 8 + 0.5));
      return Math.fround(positive ? Math.abs(v) + 0.1 : v);
    });
    const { seed, output, gradients } = await vjpOf(text, { x: floats([2, 24], x) });
    expectClose(output, x.map(f), 2e-6, "f");
    const h = 1e-5;
    const derivative = x.map((v) => (f(v + h) - f(v - h)) / (2 * h));
    expectClose(
      gradients.x!,
      seed.map((s, i) => s * derivative[i]!),
      1e-5,
      "f′",
    );
  });
});
