/**
 * MaxPool: all to the winner of each window, the first one in row-major order on ties. No `Indices` output: every tap of the
 * window is read by a depthwise convolution with a one-hot kernel, which stays in the runtime's blocked layout (four times as fast
 * as a strided Slice), and compared with the maximum; what is left of s goes to the first tap that equals it.
 * Taps are put back on the grid by interleaving their residues modulo the stride.
 */
import { fail } from "../errors.ts";
import type { Builder } from "../graph/builder.ts";
import { nodeLabel } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import { clampedPart } from "./guard.ts";
import { interleave } from "./interleave.ts";
import { first, type Op, type OtherRole, type Site } from "./role.ts";
import { overhang, reach, type Window, windowOf } from "./window.ts";

/** All index tuples below the sizes, row-major. */
const tuples = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>((all, n) => all.flatMap((t) => Array.from({ length: n }, (_, i) => [...t, i])), [[]]);

/** The value each window sees at one tap; 0 where the tap lies on padding. */
const tapOf = (g: Builder, x: string, channels: number, position: number, w: Window): string => {
  const cells = w.kernel.reduce((a, b) => a * b, 1);
  const oneHot = Float32Array.from({ length: cells }, (_, i) => (i === position ? 1 : 0));
  const kernel = g.op("Expand", [g.floats(oneHot, [1, 1, ...w.kernel]), g.ints([channels, 1, ...w.kernel])]);
  const pads = [...w.begin, ...overhang(w)];
  return g.op("Conv", [x, kernel], { kernel_shape: w.kernel, strides: w.strides, dilations: w.dilations, pads, group: channels });
};

/** 1 where a window's tap lies inside the input, [1, 1, o…]; undefined where all do. */
const insideOf = (site: Site, position: number, w: Window): string | undefined => {
  if ([...w.begin, ...overhang(w)].every((n) => n === 0)) return undefined;
  const { g, node } = site;
  const ones = g.filled(g.floats(1), node.input[0]!);
  return tapOf(g, g.op("Slice", [ones, g.ints([0]), g.ints([1]), g.ints([1])]), 1, position, w);
};

/** Sizes plus `extra`, times `factor`: numbers where they are known, else computed from the run-time shape. */
type Sizes = (extra: readonly number[], factor?: readonly number[]) => string;
const sizesOf = (g: Builder, value: string, known: Window["output"]): Sizes => {
  const ones = known.map(() => 1);
  if (!known.includes(null)) return (extra, factor = ones) => g.ints(known.map((n, i) => (n! + extra[i]!) * factor[i]!));
  const shape = g.op("Shape", [value], { start: 2 });
  return (extra, factor = ones) => g.mul(g.add(shape, g.ints(extra)), g.ints(factor));
};

/** Σ over taps, each put at o·stride + tap·dilation: maps per residue, shifted by whole strides, then interleaved. */
const putBack = ({ g, node }: Site, taps: ReadonlyMap<readonly number[], string>, w: Window): string => {
  const spare = w.strides.map((stride, i) => Math.floor(reach(w, i) / stride)); // maps are longer by this
  const maps = new Map<string, string[]>();
  for (const [tap, value] of taps) {
    const at = tap.map((t, i) => t * w.dilations[i]!);
    const shift = at.map((p, i) => Math.floor(p / w.strides[i]!));
    const rest = spare.map((n, i) => n - shift[i]!);
    const residue = at.map((p, i) => p % w.strides[i]!).join();
    const moved = [...shift, ...rest].some((n) => n > 0) ? g.op("Pad", [value, g.ints([0, 0, ...shift, 0, 0, ...rest])]) : value;
    maps.set(residue, [...(maps.get(residue) ?? []), moved]);
  }
  const zero = () => g.mul(g.sum([...maps.values()][0]!), g.floats(0));
  const mapOf = (residues: readonly number[]) => (maps.has(residues.join()) ? g.sum(maps.get(residues.join())!) : zero());
  const sizes = sizesOf(g, node.output[0]!, w.output);
  return interleave(g, w.strides, mapOf, (axis) =>
    sizes(
      spare,
      w.strides.map((n, i) => (i < axis ? 1 : n)),
    ),
  );
};

/** Cuts the padding off and fills what the windows did not reach. */
const fit = ({ g, node }: Site, r: string, w: Window): string => {
  const axes = w.kernel.map((_, i) => i + 2);
  if (w.input.includes(null) || w.output.includes(null)) {
    // Windows reach less than a stride short of the end: room for that, then cut to the run-time size.
    const long = g.op("Pad", [r, g.ints([0, 0, ...axes.map(() => 0), 0, 0, ...w.strides])]);
    const stop = g.add(g.op("Shape", [node.input[0]!], { start: 2 }), g.ints(w.begin));
    return g.op("Slice", [long, g.ints(w.begin), stop, g.ints(axes)]);
  }
  const length = w.output.map((out, i) => (out! + Math.floor(reach(w, i) / w.strides[i]!)) * w.strides[i]!);
  const end = w.input.map((size, i) => size! + w.begin[i]! - length[i]!);
  if ([...w.begin, ...end].every((n) => n === 0)) return r;
  return g.op("Pad", [r, g.ints([0, 0, ...w.begin.map((n) => -n), 0, 0, ...end])]); // negative pads cut
};

export const MaxPool: Op = (node, facts) => {
  const adjoint = (site: Site, s: string): string => {
    const { g } = site;
    const w = windowOf(node, facts);
    const channels = facts.shapeOf(node.input[0]!)[1];
    if (typeof channels !== "number" || (getInt(node, "ceil_mode", 0) === 1 && w.input.includes(null)))
      throw fail("Unsupported", {
        what: "a MaxPool of dynamic size with ceil_mode, or of dynamic channels",
        where: `node '${nodeLabel(node)}'`,
        fix: "fix the size of the input",
      });
    const [x, y] = [clampedPart(g, node.input[0]!), clampedPart(g, node.output[0]!)]; // a tap is read by a sum with zeros
    const taps = new Map<readonly number[], string>();
    const all = tuples(w.kernel);
    let left = s;
    for (const [position, tap] of all.slice(0, -1).entries()) {
      const equal = g.mask(g.op("Equal", [tapOf(g, x, channels, position, w), y]));
      const inside = insideOf(site, position, w);
      const won = g.mul(left, inside === undefined ? equal : g.mul(equal, inside));
      taps.set(tap, won);
      left = g.sub(left, won);
    }
    taps.set(all.at(-1)!, left); // what no earlier tap took
    return fit(site, putBack(site, taps, w), w);
  };
  const role: OtherRole = {
    kind: "selection",
    inputs: [0],
    vjp: (site, g) => adjoint(site, first(site, g)),
    nonnegative: (input) => input(0),
  };
  return role;
};
