/**
 * STFT with a constant window and step: y[f, k] = Σ_n w[n] x[f·step + n] exp(−2πi kn/N), numbers as (re, im) on the last axis. Linear in
 * the signal; the adjoint transforms every frame back (Fᴴ, N times the inverse), weighs it with the window and adds it where the frame
 * was. Only the real part comes back, and a one-sided result is filled up with zeros.
 */
import { getInt } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { addAt } from "./positions.ts";
import { again, type LinearRole, type Op, varying, zerosLike } from "./role.ts";
import { sizesOf } from "./sizes.ts";

export const STFT: Op = (node, facts) => {
  const [x, step, window, length] = node.input as [string, string, string?, string?];
  if (varying(node, facts).some((i) => i > 0)) return "its window or step is computed from the input";
  const size = length ? facts.scalar(length) : window ? facts.shapeOf(window)[0] : undefined;
  if (typeof size !== "number") return "the length of its frames is not known";
  // The runtime's kernel reads complex signals beyond their end.
  if (facts.shapeOf(x)[2] !== 1) return "its signal is of complex numbers";
  const bins = getInt(node, "onesided", 1) === 1 ? Math.floor(size / 2) + 1 : size;
  const adjoint: LinearRole["adjoint"] = ({ g }, s) => {
    const frames = g.op("Reshape", [s, g.ints([-1, bins, 2])]);
    const whole = bins === size ? frames : g.op("Pad", [frames, g.ints([0, 0, 0, 0, size - bins, 0])]);
    // Along axis 1 of three: what every version of DFT does when nothing is said.
    const back = g.scale(g.op("DFT", [whole], { inverse: 1 }), size);
    const parts = g.op("Slice", [back, g.ints([0]), g.ints([1]), g.ints([2])]);
    const weighted = window ? g.mul(parts, g.op("Reshape", [window, g.ints([1, -1, 1])])) : parts;
    // [batch, frames · length, 1]
    const batch = sizesOf(g, x, 0, 1);
    const rows = g.op("Reshape", [weighted, g.op("Concat", [batch, g.ints([-1, 1])], { axis: 0 })]);
    const count = g.op("Squeeze", [g.op("Shape", [s], { start: 1, end: 2 })]);
    const stride = g.op("Cast", [g.op("Reshape", [step, g.ints([1, 1])])], { to: DataType.INT64 });
    const starts = g.mul(g.op("Reshape", [g.op("Range", [g.ints(0), count, g.ints(1)]), g.ints([-1, 1])]), stride);
    const taps = g.ints(Array.from({ length: size }, (_, n) => n));
    const places = g.op("Reshape", [g.add(starts, taps), g.ints([1, -1, 1])]);
    return addAt(g, zerosLike(g, x), g.op("Expand", [places, g.op("Shape", [rows])]), rows, 1);
  };
  return {
    kind: "sum",
    inputs: [0],
    apply: (site, [value]) => again(site, [value!, ...node.input.slice(1)]),
    adjoint,
    vjp: (site, [r]) => adjoint(site, r!, 0),
  };
};
