/**
 * Resize is linear and separable: one matrix per resized axis. By whole factors, nearest copies each value into a block,
 * and the adjoint sums the block. Linear interpolation between known sizes has its matrices written out, and its denominators
 * computed with them in float64.
 */
import { getInt, getInts, getString } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { fromFront } from "./axes.ts";
import { alongAxis, timesAlong } from "./axis-matrix.ts";
import { linearWeights } from "./interpolation.ts";
import { again, type LinearRole, type Op, type Site } from "./role.ts";
import { reshapeTo, sizesOf } from "./sizes.ts";

/** Does nearest, by a whole factor, repeat each value in a block of that size? Only where rounding keeps to the block. */
const repeatsBlocks = (coordinates: string, rounding: string, factor: number): boolean => {
  if (coordinates === "half_pixel" || coordinates === "pytorch_half_pixel") return rounding.startsWith("round");
  if (coordinates !== "asymmetric") return false;
  return rounding === "floor" || (rounding === "round_prefer_floor" && factor <= 2);
};

const transposed = (a: Float64Array, columns: number): Float64Array => {
  const rows = a.length / columns;
  return Float64Array.from(a, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]!);
};

export const Resize: Op = (node, facts) => {
  const [x, y] = [node.input[0]!, node.output[0]!];
  const [from, to] = [facts.shapeOf(x), facts.shapeOf(y)];
  const mode = getString(node, "mode", "nearest");
  const given = node.input[2] ? facts.numbers(node.input[2]) : undefined;
  const named = getInts(node, "axes")?.map((axis) => fromFront(axis, from.length));
  const scaleOf = (axis: number): number | undefined => given?.[named ? named.indexOf(axis) : axis];
  // Where sizes are dynamic the scale tells; without one, space may be resized, batch and channels are not.
  const resized = (axis: number) => {
    if (from[axis] !== null && to[axis] !== null) return from[axis] !== to[axis];
    return named?.includes(axis) === false ? false : (scaleOf(axis) ?? (axis < 2 ? 1 : undefined)) !== 1;
  };
  const axes = from.flatMap((_, axis) => (resized(axis) ? [axis] : []));
  const coordinates = getString(node, "coordinate_transformation_mode", "half_pixel");
  const rounding = getString(node, "nearest_mode", "round_prefer_floor");
  if (coordinates === "tf_crop_and_resize") return "it crops to a region of interest";
  const ratioOf = (axis: number) => scaleOf(axis) ?? to[axis]! / from[axis]!;
  const factors = axes.map((axis) => {
    const ratio = from[axis] === null || to[axis] === null ? scaleOf(axis) : to[axis]! / from[axis]!;
    return ratio !== undefined && Number.isInteger(ratio) && (scaleOf(axis) ?? ratio) === ratio ? ratio : 0;
  });
  const inBlocks = mode === "nearest" && factors.every((k) => k > 0 && repeatsBlocks(coordinates, rounding, k));
  const weights = axes.map((axis) => (from[axis] ?? 0) * (to[axis] ?? 0)).find((count) => count > facts.mostWeights);
  if (!inBlocks && weights !== undefined) {
    const [needed, most] = [weights, facts.mostWeights].map((count) => count.toLocaleString("en-US"));
    return `its interpolation is a matrix of ${needed} weights, and at most ${most} are written (--allow weights=N takes more)`;
  }
  const exact =
    mode === "linear" && getInt(node, "antialias", 0) === 0 && axes.every((axis) => from[axis] !== null && to[axis] !== null)
      ? axes.map((axis) => linearWeights({ coordinates, from: from[axis]!, to: to[axis]!, scale: ratioOf(axis) }))
      : [undefined];
  const matrices = exact.every((w) => w !== undefined) ? exact : undefined;
  /** Σ in float64: A along each axis. */
  const interpolated = ({ g }: Site, value: string, weights: readonly Float64Array[]): string => {
    const product = axes.reduce(
      (v, axis, k) =>
        timesAlong(g, v, from.length, axis, g.doubles(transposed(weights[k]!, from[axis]!), [from[axis]!, to[axis]!])),
      g.op("Cast", [value], { to: DataType.DOUBLE }),
    );
    return g.op("Cast", [product], { to: DataType.FLOAT });
  };
  const adjoint = (site: Site, s: string): string => {
    const { g } = site;
    if (matrices !== undefined)
      return axes.reduce((value, axis, k) => {
        const matrix = g.floats(Float32Array.from(matrices[k]!), [to[axis]!, from[axis]!]);
        return timesAlong(g, value, from.length, axis, matrix);
      }, s);
    if (inBlocks) {
      const split = from.flatMap((d, i) => (axes.includes(i) ? [d, factors[axes.indexOf(i)]!] : [d]));
      const lists = () =>
        from.flatMap((_, i) => [sizesOf(g, x, i, i + 1), ...(axes.includes(i) ? [g.ints([factors[axes.indexOf(i)]!])] : [])]);
      const at = axes.map((axis, k) => axis + k + 1);
      const blocks = from.filter((d) => d === null).length > 1 ? reshapeTo(g, s, ...lists()) : g.reshape(s, split);
      return g.op("ReduceSum", [blocks, g.ints(at)], { keepdims: 0 });
    }
    return axes.reduce(
      (value, axis) =>
        alongAxis(site, value, x, axis, (eye, along) => {
          // The same arguments for this axis alone, on a 2-D identity.
          const pick = <T>(own: T, other: T): [T, T] => (along === 0 ? [own, other] : [other, own]);
          const scale = scaleOf(axis);
          const sizes = () => g.op("Concat", pick(sizesOf(g, y, axis, axis + 1), sizesOf(g, x, axis, axis + 1)), { axis: 0 });
          const known = from[axis] !== null && to[axis] !== null;
          const input = scale
            ? [eye, "", g.floats(pick(scale, 1))]
            : [eye, "", "", known ? g.ints(pick(to[axis]!, from[axis]!)) : sizes()];
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
    ...(mode === "nearest" && { copies: true }),
    nonnegative: (input) => mode !== "cubic" && input(0),
    ...(matrices !== undefined && { exact: (site: Site) => interpolated(site, x, matrices) }),
    apply: (site, [value]) => again(site, [value!, ...node.input.slice(1)]),
    adjoint,
    vjp: (site, [r]) => adjoint(site, r!),
  };
  return role;
};
