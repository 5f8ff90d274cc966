/**
 * AveragePool and GlobalAveragePool: y = Σ x / n over a window, n its in-bounds taps (or all taps with
 * count_include_pad). The adjoint spreads s / n back over the window.
 */
import { getInt } from "../onnx/attributes.ts";
import { timesAlong } from "./axis-matrix.ts";
import { correlationAdjoint } from "./correlation-adjoint.ts";
import { toDouble, toFloat } from "./exact.ts";
import { repeated } from "./maps.ts";
import { countAlong } from "./reduce.ts";
import { again, type LinearRole, type Op, type Site } from "./role.ts";
import { overhang, type Window, windowOf } from "./window.ts";

const average = (adjoint: (site: Site, s: string) => string, exact: (site: Site) => string | undefined): LinearRole => ({
  kind: "sum",
  inputs: [0],
  positive: true,
  nonnegative: (input) => input(0),
  apply: (site, [x]) => again(site, [x!]),
  adjoint,
  exact,
  vjp: (site, [g]) => adjoint(site, g!),
});

/** Windows along one axis as a matrix [input, output] of ones; `counted`: taps of each, those on padding among them where they count. */
const windowsAlong = (w: Window, axis: number, includePad: boolean) => {
  const [input, output] = [w.input[axis]!, w.output[axis]!];
  const matrix = new Float64Array(input * output);
  const counted = new Float64Array(output);
  for (let o = 0; o < output; o++)
    for (let k = 0; k < w.kernel[axis]!; k++) {
      const i = o * w.strides[axis]! + k * w.dilations[axis]! - w.begin[axis]!;
      if (i >= 0 && i < input) matrix[i * output + o] = 1;
      if (includePad ? i < input + w.end[axis]! : i >= 0 && i < input) counted[o]!++;
    }
  return { matrix, counted };
};

/** Cells of a matrix, which is stored. */
const MOST = 2 ** 17;

/** One matrix an axis: windows are products of those of their axes. */
const exactAverage = ({ g, node, facts }: Site, w: Window, includePad: boolean): string | undefined => {
  if (w.input.includes(null) || w.output.includes(null)) return undefined;
  if (w.kernel.some((_, i) => w.input[i]! * w.output[i]! > MOST)) return undefined;
  const rank = facts.rank(node.input[0]!);
  const total = w.kernel.reduce(
    (value, _, i) => {
      const { matrix, counted } = windowsAlong(w, i, includePad);
      const shares = matrix.map((one, at) => one / counted[at % counted.length]!);
      return timesAlong(g, value, rank, i + 2, g.doubles(shares, [w.input[i]!, w.output[i]!]));
    },
    toDouble(g, node.input[0]!),
  );
  return toFloat(g, total);
};

/** Taps per window, [1, 1, o…]: how many cells of a map of ones each window covers. */
const taps = (site: Site, w: Window, includePad: boolean): string => {
  const { g, node } = site;
  const x = node.input[0]!;
  const ones = g.filled(g.floats(1), x);
  const map = g.op("Slice", [ones, g.ints([0]), g.ints([1]), g.ints([1])]); // one channel
  const padded = includePad ? g.op("Pad", [map, g.ints([0, 0, ...w.begin, 0, 0, ...w.end]), g.floats(1)]) : map;
  const kernel = g.floats(new Float32Array(w.kernel.reduce((a, b) => a * b, 1)).fill(1), [1, 1, ...w.kernel]);
  // What is padded already is not padded again; ceil_mode lets the last window hang over the edge.
  const [begin, end] = includePad ? [w.begin.map(() => 0), overhang(w).map((n, i) => n - w.end[i]!)] : [w.begin, overhang(w)];
  const { kernel: kernel_shape, strides, dilations } = w;
  return g.op("Conv", [padded, kernel], { kernel_shape, strides, dilations, pads: [...begin, ...end] });
};

/** Every s repeated over its window, and summed where windows overlap; a window's group is the number of channels. */
export const spreadOverWindow = (site: Site, s: string, w: Window): string => {
  const shape = [w.group, 1, ...w.kernel];
  return correlationAdjoint(site, s, site.g.op("Expand", [site.g.floats(1), site.g.ints(shape)]), shape, w);
};

/** A single window over everything, however large its kernel: s / n in every cell it covers. Undefined: there are several. */
const overOneWindow = ({ g, node }: Site, s: string, w: Window, includePad: boolean): string | undefined => {
  const input = w.input as readonly number[];
  if (w.input.includes(null) || w.output.some((n) => n !== 1) || w.dilations.some((d) => d !== 1)) return undefined;
  const covered = w.kernel.map((k, i) => Math.min(k - w.begin[i]!, input[i]!));
  const counted = includePad ? w.kernel.map((k, i) => Math.min(k, w.begin[i]! + input[i]! + w.end[i]!)) : covered;
  const share = g.scale(s, 1 / counted.reduce((a, b) => a * b, 1));
  const rest = covered.map((n, i) => input[i]! - n);
  if (rest.every((n) => n === 0)) return g.expand(share, node.input[0]!);
  const spread = g.op("Expand", [share, g.ints([1, 1, ...covered])]);
  return g.op("Pad", [spread, g.ints([0, 0, ...rest.map(() => 0), 0, 0, ...rest])]);
};

export const AveragePool: Op = (node, facts) => {
  const channels = facts.shapeOf(node.input[0]!)[1];
  if (typeof channels !== "number") return "its number of channels is dynamic";
  const window = (): Window => ({ ...windowOf(node, facts), group: channels });
  const includePad = getInt(node, "count_include_pad", 0) === 1;
  const adjoint = (site: Site, s: string): string => {
    const { g } = site;
    const w = window();
    const one = overOneWindow(site, s, w, includePad);
    if (one !== undefined) return one;
    const cells = w.kernel.reduce((a, b) => a * b, 1);
    const padless = [...w.begin, ...w.end].every((n) => n === 0);
    const exact = padless && getInt(node, "ceil_mode", 0) === 0;
    const share = exact ? g.scale(s, 1 / cells) : g.div(s, taps(site, w, includePad));
    const tiles =
      exact && w.kernel.every((k, i) => k === w.strides[i] && w.dilations[i] === 1 && w.input[i] === k * (w.output[i] ?? 0));
    if (tiles) return repeated(g, share, w.kernel, { batchOf: node.input[0]!, sizes: [channels, ...(w.input as number[])] });
    return spreadOverWindow(site, share, w);
  };
  return average(adjoint, (site) => exactAverage(site, window(), includePad));
};

export const GlobalAveragePool: Op = (node, facts) => {
  const x = node.input[0]!;
  const spatial = facts.shapeOf(x).flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  return average(
    (site, s) => site.g.expand(site.g.div(s, countAlong(site, x, spatial)), x),
    (site) => {
      const { g } = site;
      return toFloat(g, g.div(g.reduceSum(toDouble(g, x), spatial), toDouble(g, countAlong(site, x, spatial))));
    },
  );
};
