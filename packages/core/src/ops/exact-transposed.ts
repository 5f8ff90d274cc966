/**
 * A ConvTranspose in float64, which its kernels do not know: a product over the channels for every tap, each put where the tap lies,
 *
 *   y[m, o] = Σ_j P[m, j, i]  with  o = i·stride + j·dilation − begin,   P[m, j, i] = Σ_c w[c, m, j] x[c, i]
 *
 * and all taps of an axis by one matrix of ones.
 */
import { toDouble, toFloat } from "./exact.ts";
import type { Site } from "./role.ts";
import type { Window } from "./window.ts";

/** Cells of the matrices of one layer: they are stored. */
const MOST = 2 ** 17;

export const exactTransposed = (
  { g, facts }: Site,
  x: string,
  weight: string,
  bias: string | undefined,
  w: Window,
): string | undefined => {
  const [inputs, outputs] = [w.input, w.output] as [number[], number[]];
  const [channels, perGroup] = facts.shapeOf(weight) as [number, number];
  if (w.input.includes(null) || w.output.includes(null) || w.rank > 2) return undefined;
  if (w.kernel.reduce((sum, k, i) => sum + k * inputs[i]! * outputs[i]!, 0) > MOST) return undefined;
  const cells = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
  // [g, M·K, C] × [N, g, C, I] = [N, g, M·K, I]
  const each = channels / w.group;
  const taps = g.op("Reshape", [toDouble(g, weight), g.ints([w.group, each, perGroup * cells(w.kernel)])]);
  const map = g.op("Reshape", [toDouble(g, x), g.ints([-1, w.group, each, cells(inputs)])]);
  const products = g.op("MatMul", [g.op("Transpose", [taps], { perm: [0, 2, 1] }), map]);
  // Taps and positions of an axis side by side: [N·g·M, k₁, k₂, i₁, i₂] → [N·g·M, k₁·i₁, k₂·i₂]
  const apart = g.op("Reshape", [products, g.ints([-1, ...w.kernel, ...inputs])]);
  const paired = g.transpose(apart, [0, ...w.kernel.flatMap((_, i) => [i + 1, i + 1 + w.rank])]);
  const rows = g.op("Reshape", [paired, g.ints([-1, ...w.kernel.map((k, i) => k * inputs[i]!)])]);
  const placed = w.kernel.reduce((value, _, i) => {
    const matrix = g.doubles(places(w, i), [w.kernel[i]! * inputs[i]!, outputs[i]!]);
    const last = w.rank;
    const perm = Array.from({ length: last + 1 }, (_, axis) => (axis === i + 1 ? last : axis === last ? i + 1 : axis));
    return g.transpose(g.op("MatMul", [g.transpose(value, perm), matrix]), perm);
  }, rows);
  const y = g.op("Reshape", [placed, g.ints([-1, perGroup * w.group, ...outputs])]);
  if (bias === undefined || bias === "") return toFloat(g, y);
  const added = g.op("Reshape", [toDouble(g, bias), g.ints([-1, ...w.kernel.map(() => 1)])]);
  return toFloat(g, g.add(y, added));
};

/** [k·i, o]: 1 where a tap at a position lands. */
const places = (w: Window, axis: number): Float64Array => {
  const [input, output, kernel] = [w.input[axis]!, w.output[axis]!, w.kernel[axis]!];
  const matrix = new Float64Array(kernel * input * output);
  for (let k = 0; k < kernel; k++)
    for (let i = 0; i < input; i++) {
      const o = i * w.strides[axis]! + k * w.dilations[axis]! - w.begin[axis]!;
      if (o >= 0 && o < output) matrix[(k * input + i) * output + o] = 1;
    }
  return matrix;
};
