/**
 * Linear interpolation along one axis as a matrix [out, in], by the coordinates of ONNX's Resize. Exact where the runtime's own
 * weights carry the rounding of float32 coordinates, which shows wherever interpolated values nearly cancel.
 */
export interface Interpolation {
  /** coordinate_transformation_mode */
  readonly coordinates: string;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** Where output x lies on the input's axis. Undefined: a mode that depends on more than the sizes. */
const coordinate = ({ coordinates, from, to, scale }: Interpolation, x: number): number | undefined => {
  const halfPixel = (x + 0.5) / scale - 0.5;
  switch (coordinates) {
    case "half_pixel":
      return halfPixel;
    case "pytorch_half_pixel":
      return to > 1 ? halfPixel : 0;
    case "half_pixel_symmetric":
      return (from / 2) * (1 - to / (scale * from)) + halfPixel;
    case "align_corners":
      return to > 1 ? (x * (from - 1)) / (to - 1) : 0;
    case "asymmetric":
      return x / scale;
    default:
      return undefined;
  }
};

/** Row-major [to, from]; each row has the two neighbours' weights. */
export const linearWeights = (it: Interpolation): Float64Array | undefined => {
  const weights = new Float64Array(it.to * it.from);
  for (let x = 0; x < it.to; x++) {
    const at = coordinate(it, x);
    if (at === undefined) return undefined;
    const inside = Math.min(Math.max(at, 0), it.from - 1);
    const low = Math.floor(inside);
    const part = inside - low;
    weights[x * it.from + low]! += 1 - part;
    if (part > 0) weights[x * it.from + low + 1]! += part;
  }
  return weights;
};
