/**
 * Resize is linear and separable: one matrix per resized axis. By whole factors, nearest copies each value into a block,
 * and the adjoint sums the block.
 */
import { getInts, getString } from "../onnx/attributes.ts";
import { alongAxis } from "./axis-matrix.ts";
import { again, type LinearRole, type Op, type Site } from "./role.ts";

/** Does nearest, by a whole factor, repeat each value in a block of that size? Only where rounding keeps to the block. */
const repeatsBlocks = (coordinates: string, rounding: string, factor: number): boolean => {
  if (coordinates === "half_pixel" || coordinates === "pytorch_half_pixel") return rounding.startsWith("round");
  if (coordinates !== "asymmetric") return false;
  return rounding === "floor" || (rounding === "round_prefer_floor" && factor <= 2);
};

export const Resize: Op = (node, facts) => {
  const [x, y] = [node.input[0]!, node.output[0]!];
  const [from, to] = [facts.shapeOf(x), facts.shapeOf(y)];
  const axes = from.flatMap((d, i) => (d !== to[i] || d === null ? [i] : [])).filter((i) => i > 0 || from[i] !== null);
  if (axes.some((axis) => from[axis] === null || to[axis] === null)) return "its spatial size is dynamic; give it with --dim";
  const mode = getString(node, "mode", "nearest");
  const given = node.input[2] ? facts.numbers(node.input[2]) : undefined;
  const named = getInts(node, "axes")?.map((axis) => (axis < 0 ? axis + from.length : axis));
  const scaleOf = (axis: number): number | undefined => given?.[named ? named.indexOf(axis) : axis];
  const coordinates = getString(node, "coordinate_transformation_mode", "half_pixel");
  const rounding = getString(node, "nearest_mode", "round_prefer_floor");
  const adjoint = (site: Site, s: string): string => {
    const { g } = site;
    const factor = axes.map((axis) => to[axis]! / from[axis]!);
    const whole = factor.every((k, i) => Number.isInteger(k) && (scaleOf(axes[i]!) ?? k) === k);
    if (mode === "nearest" && whole && factor.every((k) => repeatsBlocks(coordinates, rounding, k))) {
      const split = from.flatMap((d, i) => (axes.includes(i) ? [d, factor[axes.indexOf(i)]!] : [d]));
      const at = axes.map((axis, k) => axis + k + 1);
      return g.op("ReduceSum", [g.reshape(s, split), g.ints(at)], { keepdims: 0 });
    }
    return axes.reduce(
      (value, axis) =>
        alongAxis(site, value, from.length, axis, from[axis]!, (eye, along) => {
          // The same arguments for this axis alone, on a 2-D identity.
          const pick = (v: number, other: number) => [0, 1].map((a) => (a === along ? v : other));
          const scale = scaleOf(axis);
          const input = scale ? [eye, "", g.floats(pick(scale, 1))] : [eye, "", "", g.ints(pick(to[axis]!, from[axis]!))];
          return g.emit({
            opType: "Resize",
            domain: "",
            input,
            attribute: node.attribute.filter((a) => a.name !== "axes" && a.name !== "keep_aspect_ratio_policy"),
          })[0]!;
        }),
      s,
    );
  };
  const role: LinearRole = {
    kind: "sum",
    inputs: [0],
    ...(mode !== "cubic" && { positive: true }),
    nonnegative: (input) => mode !== "cubic" && input(0),
    apply: (site, [value]) => again(site, [value!, ...node.input.slice(1)]),
    adjoint,
    vjp: (site, [r]) => adjoint(site, r!),
  };
  // Nearest only copies: relevance follows the copies, exactly.
  return mode === "nearest" ? { kind: "structural", inputs: [0], vjp: role.vjp, nonnegative: role.nonnegative! } : role;
};
