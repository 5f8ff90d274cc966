/**
 * DFT along an axis, numbers as (re, im) on the last one: y = F x with F_kn = exp(−2πi kn/N), or its inverse Fᴴ/N. Linear in the reals;
 * the adjoint of F is Fᴴ = N times the inverse transform, that of Fᴴ/N is F/N. Of a real input only the real part comes back, and a
 * one-sided result is filled up with zeros. (ONNX operator DFT, opset 17 and 20.)
 */
import { attr, getInt } from "../onnx/attributes.ts";
import { fromFront } from "./axes.ts";
import { countAlong } from "./reduce.ts";
import { again, type LinearRole, type Op } from "./role.ts";

export const DFT: Op = (node, facts) => {
  const [x, length, axisInput] = node.input as [string, string?, string?];
  const rank = facts.rank(x);
  const given = axisInput ? facts.scalar(axisInput) : getInt(node, "axis", 1);
  if (given === undefined) return "its axis is computed from the input";
  const axis = fromFront(given, rank);
  const [size, transformed] = [facts.shapeOf(x)[axis], facts.shapeOf(node.output[0]!)[axis]];
  const [inverse, onesided] = [getInt(node, "inverse", 0), getInt(node, "onesided", 0)];
  if (onesided === 1 && inverse === 1) return "it is a one-sided inverse";
  if (onesided === 1 && typeof size !== "number") return "it is one-sided along a dynamic axis";
  if (length && (typeof size !== "number" || facts.scalar(length) !== size)) return "it pads or cuts its input to another length";
  const real = facts.shapeOf(x).at(-1) === 1;
  const adjoint: LinearRole["adjoint"] = (site, s) => {
    const { g } = site;
    const missing = onesided === 1 ? (size as number) - (transformed as number) : 0;
    const pads = Array.from({ length: 2 * rank }, (_, i) => (i === rank + axis ? missing : 0));
    const whole = missing === 0 ? s : g.op("Pad", [s, g.ints(pads)]);
    const attribute = node.attribute.filter(({ name }) => name === "axis");
    const back = again(
      { ...site, node: { ...node, attribute: [...attribute, attr.int("inverse", 1 - inverse)] } },
      axisInput ? [whole, "", axisInput] : [whole],
    );
    const count = countAlong(site, x, [axis]);
    const scaled = inverse === 1 ? g.div(back, count) : g.mul(back, count);
    return real ? g.op("Slice", [scaled, g.ints([0]), g.ints([1]), g.ints([-1])]) : scaled;
  };
  return {
    kind: "sum",
    inputs: [0],
    apply: (site, [value]) => again(site, [value!, ...node.input.slice(1)]),
    adjoint,
    vjp: (site, [s], i) => adjoint(site, s!, i),
  };
};
