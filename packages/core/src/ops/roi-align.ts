/**
 * RoiAlign: boxes of an image, each averaged over a grid of points read by linear interpolation. With the boxes held fixed it is linear,
 * and along each axis a matrix of its own for every box,
 *
 *   y[r, c, p, q] = Σ_hw A[r, p, h] B[r, q, w] x[b(r), c, h, w],   A[r, p, h] = mean over the points t of max(0, 1 − |t − h|)
 *
 * with points clipped to the image, and 0 where they lie more than a pixel outside (He et al. 2017).
 */
import { getFloat, getInt, getString } from "../onnx/attributes.ts";
import { DataType } from "../onnx/proto.ts";
import { addAlong } from "./positions.ts";
import { again, type LinearRole, type Op, type Site } from "./role.ts";
import { sizesOf } from "./sizes.ts";

interface Grid {
  /** Cells along the axis, and points in each. */
  readonly cells: number;
  readonly points: number;
  readonly scale: number;
  /** Coordinates name corners of pixels, not centres. */
  readonly half: boolean;
}

/** A [boxes, cells, size], of the boxes' ends along an axis. */
const interpolation = ({ g }: Site, low: string, high: string, size: string, { cells, points, scale, half }: Grid): string => {
  const [from, to] = [low, high].map((v) => (half ? g.sub(g.scale(v, scale), g.floats(0.5)) : g.scale(v, scale))) as [
    string,
    string,
  ];
  const length = half ? g.sub(to, from) : g.atLeast(g.sub(to, from), 1);
  const share = (cell: number, point: number) => (cell + (point + 0.5) / points) / cells;
  const places = Array.from({ length: cells * points }, (_, i) => share(Math.floor(i / points), i % points));
  const at = g.add(from, g.mul(length, g.floats(places, [1, places.length]))); // [boxes, cells · points]
  const count = g.op("Cast", [size], { to: DataType.FLOAT });
  const last = g.sub(count, g.floats(1));
  const outside = g.op("Or", [g.op("Less", [at, g.floats(-1)]), g.op("Greater", [at, count])]);
  const inside = g.sub(g.floats(1), g.mask(outside));
  const clipped = g.op("Unsqueeze", [g.op("Min", [g.relu(at), last]), g.ints([2])]);
  const pixels = g.op("Cast", [g.op("Range", [g.ints(0), g.op("Squeeze", [size]), g.ints(1)])], { to: DataType.FLOAT });
  const hats = g.relu(g.sub(g.floats(1), g.op("Abs", [g.sub(clipped, pixels)])));
  const weights = g.mul(hats, g.op("Unsqueeze", [inside, g.ints([2])]));
  const apart = g.op("Reshape", [weights, g.op("Concat", [g.ints([-1, cells, points]), size], { axis: 0 })]);
  return g.scale(g.reduceSum(apart, [2], 0), 1 / points);
};

/** The same for constant boxes, whose sizes say how many points are read in each cell: one a pixel. */
const knownInterpolation = (
  ends: readonly (readonly [number, number])[],
  size: number,
  { cells, scale, half }: Grid,
): Float32Array => {
  const matrix = new Float32Array(ends.length * cells * size);
  ends.forEach(([low, high], box) => {
    const [from, to] = [low, high].map((v) => v * scale - (half ? 0.5 : 0)) as [number, number];
    const length = half ? to - from : Math.max(to - from, 1);
    const points = Math.ceil(length / cells);
    for (let i = 0; i < cells * points; i++) {
      const at = from + (length * (Math.floor(i / points) + ((i % points) + 0.5) / points)) / cells;
      if (at < -1 || at > size) continue;
      const clipped = Math.min(Math.max(at, 0), size - 1);
      const first = (box * cells + Math.floor(i / points)) * size;
      for (const h of new Set([Math.floor(clipped), Math.ceil(clipped)]))
        matrix[first + h]! += (1 - Math.abs(clipped - h)) / points;
    }
  });
  return matrix;
};

export const RoiAlign: Op = (node, facts) => {
  const [x, boxes, batch] = node.input as [string, string, string];
  if (getString(node, "mode", "avg") !== "avg") return "it takes maxima of interpolated values";
  const [height, width] = [getInt(node, "output_height", 1), getInt(node, "output_width", 1)];
  const half = getString(node, "coordinate_transformation_mode", "half_pixel") === "half_pixel";
  const scale = getFloat(node, "spatial_scale", 1);
  const ratio = getInt(node, "sampling_ratio", 0);
  const known = facts.isConstant(boxes) ? facts.numbers(boxes) : undefined;
  const sizes = facts.shapeOf(x).slice(2);
  if (ratio <= 0 && (known === undefined || sizes.includes(null)))
    return "how many points it reads depends on the size of each box";
  const adjoint: LinearRole["adjoint"] = (site, s) => {
    const { g } = site;
    const end = (k: number) => g.op("Gather", [boxes, g.ints([k])], { axis: 1 });
    const along = (low: number, axis: number, cells: number): string => {
      if (ratio <= 0) {
        const ends = Array.from(
          { length: known!.length / 4 },
          (_, i) => [known![4 * i + low]!, known![4 * i + low + 2]!] as const,
        );
        const size = sizes[axis - 2]!;
        return g.floats(knownInterpolation(ends, size, { cells, points: 0, scale, half }), [ends.length, cells, size]);
      }
      return interpolation(site, end(low), end(low + 2), sizesOf(g, x, axis, axis + 1), { cells, points: ratio, scale, half });
    };
    const [rows, columns] = [along(1, 2, height), along(0, 3, width)].map((m) => g.op("Unsqueeze", [m, g.ints([1])])) as [
      string,
      string,
    ];
    const across = g.op("MatMul", [s, columns]); // [boxes, C, cells, W]
    const spread = g.op("MatMul", [g.op("Transpose", [rows], { perm: [0, 1, 3, 2] }), across]);
    return addAlong(site, spread, x, 0, batch);
  };
  return {
    kind: "sum",
    inputs: facts.isConstant(x) ? [] : [0],
    positive: true,
    nonnegative: (input) => input(0),
    apply: (site, [image]) => again(site, [image!, boxes, batch]),
    adjoint,
    vjp: (site, [r]) => adjoint(site, r!, 0),
  };
};
