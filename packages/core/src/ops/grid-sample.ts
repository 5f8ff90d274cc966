/**
 * GridSample: an image read at the points of a grid, coordinates in [−1, 1]: y[p] = Σ w_k(p) x[k], over the four pixels around a point
 * (bilinear) or the nearest one. Linear in the image; the adjoint adds w_k(p) s[p] to those pixels (Jaderberg et al. 2015).
 */
import type { Builder } from "../graph/builder.ts";
import { getInt, getString } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { addAt } from "./positions.ts";
import { again, type LinearRole, type Op, type Site, zerosLike } from "./role.ts";
import { reshapeTo, sizesOf } from "./sizes.ts";

/** A neighbour along one axis: its index, and its weight (undefined: 1). Both [N, 1, points]. */
interface Neighbour {
  readonly index: string;
  readonly weight: string | undefined;
}

export const GridSample: Op = (node, facts) => {
  const [x, grid] = node.input as [string, string];
  const mode = getString(node, "mode", "bilinear");
  if (!facts.isConstant(grid)) return "its grid is computed from the input";
  if (mode.endsWith("cubic") || facts.rank(x) !== 4) return "only nearest and linear samples of 2-D images have an adjoint here";
  const nearest = mode === "nearest";
  const adjoint = ({ g }: Site, s: string): string => {
    const along = (axis: 0 | 1): readonly Neighbour[] => {
      const points = reshapeTo(g, g.op("Gather", [grid, g.ints(axis)], { axis: 3 }), g.ints([0, 1, -1]));
      const size = g.op("Cast", [sizesOf(g, x, 3 - axis, 4 - axis)], { to: DataType.FLOAT });
      return neighbours(g, points, size, {
        nearest,
        corners: getInt(node, "align_corners", 0) === 1,
        padding: getString(node, "padding_mode", "zeros"),
      });
    };
    const [columns, rows] = [along(0), along(1)];
    const width = g.op("Cast", [sizesOf(g, x, 3, 4)], { to: DataType.FLOAT });
    const flat = reshapeTo(g, s, g.ints([0, 0, -1]));
    const parts = rows.flatMap((row) =>
      columns.map((column) => {
        const weights = [row.weight, column.weight].filter((weight) => weight !== undefined);
        return { index: g.add(g.mul(row.index, width), column.index), value: weights.reduce(g.mul, flat) };
      }),
    );
    const joined = (values: readonly string[]) => (values.length === 1 ? values[0]! : g.op("Concat", values, { axis: 2 }));
    const value = joined(parts.map((part) => part.value));
    const index = g.op("Cast", [joined(parts.map((part) => part.index))], { to: DataType.INT64 });
    const zeros = reshapeTo(g, zerosLike(g, x), g.ints([0, 0, -1]));
    const added = addAt(g, zeros, g.op("Expand", [index, g.op("Shape", [value])]), value, 2);
    return reshapeTo(g, added, g.shape(x));
  };
  const vjp: LinearRole["vjp"] = (site, [r]) => adjoint(site, r!);
  const nonnegative = (input: (i: number) => boolean) => input(0);
  if (nearest) return { kind: "structural", inputs: [0], vjp, nonnegative };
  return {
    kind: "sum",
    inputs: [0],
    positive: true,
    nonnegative,
    apply: (site, [image]) => again(site, [image!, grid]),
    adjoint,
    vjp,
  };
};

interface Sampling {
  readonly nearest: boolean;
  /** −1 and 1 are the centres of the outermost pixels, not their outer edges. */
  readonly corners: boolean;
  readonly padding: string;
}

const neighbours = (g: Builder, points: string, size: string, { nearest, corners, padding }: Sampling): Neighbour[] => {
  const one = g.floats(1);
  const last = g.sub(size, one);
  const grown = g.mul(g.add(points, one), corners ? last : size);
  const position = g.scale(corners ? grown : g.sub(grown, one), 0.5);
  const low = g.op(nearest ? "Round" : "Floor", [position]);
  const within = (index: string, weight: string | undefined): Neighbour => {
    if (padding === "reflection") return { index: reflected(g, index, size, corners), weight };
    const clipped = g.op("Min", [g.relu(index), last]);
    if (padding === "border") return { index: clipped, weight };
    const inside = g.mask(g.op("Equal", [clipped, index]));
    return { index: clipped, weight: weight === undefined ? inside : g.mul(weight, inside) };
  };
  if (nearest) return [within(low, undefined)];
  const fraction = g.sub(position, low);
  return [within(low, g.sub(one, fraction)), within(g.add(low, one), fraction)];
};

/** A pixel beyond the border mirrored at it: at the outermost centres (period 2n − 2) or at the edges (period 2n). */
const reflected = (g: Builder, index: string, size: string, corners: boolean): string => {
  const fold = corners ? g.sub(size, g.floats(1)) : size;
  const period = g.atLeast(g.scale(fold, 2), 1);
  const turn = g.sub(index, g.mul(g.op("Floor", [g.div(index, period)]), period)); // in [0, period)
  const back = g.sub(corners ? period : g.sub(period, g.floats(1)), turn);
  return g.op("Min", [turn, back]);
};
