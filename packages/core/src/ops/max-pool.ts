/**
 * MaxPool: all to the winner of each window, the first one in row-major order on ties. No `Indices` output. One axis after another: the
 * first winner lies in the first row whose own maximum is the window's, and is the first in it. Along an axis every tap is read by a
 * depthwise convolution with a one-hot kernel and compared with the maximum by y − tap = 0, all of which stays in the runtime's blocked
 * layout; what is left of s goes to the first tap that equals it. With strides, taps are put back by interleaving their residues.
 */
import { fail } from "../errors.ts";
import { type Builder, float } from "../graph/builder.ts";
import { nodeLabel } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import { correlationAdjoint } from "./correlation-adjoint.ts";
import { clampedPart } from "./guard.ts";
import { interleave } from "./interleave.ts";
import { minus } from "./maps.ts";
import { first, type Op, type OtherRole, type Site } from "./role.ts";
import { overhang, reach, type Window, windowOf } from "./window.ts";

/** A pool along one axis. */
interface Stage {
  readonly g: Builder;
  readonly x: string;
  readonly y: string;
  readonly axis: number;
  readonly channels: number;
  readonly window: Window;
}

/** [C, 1, k…] with a single 1. */
const oneHot = ({ g, channels, window: { kernel }, axis }: Stage, tap: number): string => {
  const values = Float32Array.from({ length: kernel[axis]! }, (_, i) => (i === tap ? 1 : 0));
  return g.op("Expand", [g.floats(values, [1, 1, ...kernel]), g.ints([channels, 1, ...kernel])]);
};

/** What each window sees of x at one tap; 0 where the tap lies on padding. */
const tapOf = (stage: Stage, x: string, tap: number): string => {
  const { kernel, strides, dilations, begin } = stage.window;
  const pads = [...begin, ...overhang(stage.window)];
  return stage.g.op("Conv", [x, oneHot(stage, tap)], { kernel_shape: kernel, strides, dilations, pads, group: stage.channels });
};

/** Whether every window has this tap inside the input. */
const alwaysInside = ({ window: w, axis }: Stage, tap: number): boolean => {
  const offset = tap * w.dilations[axis]! - w.begin[axis]!;
  const [input, output] = [w.input[axis]!, w.output[axis]!];
  if (typeof input !== "number" || typeof output !== "number")
    return offset >= 0 && w.end[axis]! <= reach(w, axis) - tap * w.dilations[axis]!;
  return offset >= 0 && (output - 1) * w.strides[axis]! + offset < input;
};

const blocked = ({ channels, window }: Stage): number | undefined => (window.kernel.length === 2 ? channels : undefined);

/** [y = tap], on padding 0. */
const equals = (stage: Stage, tap: number): string => {
  const { g, x, y } = stage;
  const equal = g.isZero(minus(g, y, tapOf(stage, x, tap), blocked(stage)));
  if (alwaysInside(stage, tap)) return equal;
  const ones = g.op("HardSigmoid", [x], { alpha: float(0), beta: float(1) });
  return g.mul(equal, tapOf(stage, ones, tap));
};

/** s of each window to its first winner, on the grid of x. */
const toWinners = (site: Site, stage: Stage, s: string): string => {
  const { g, axis, channels, window: w } = stage;
  const won: string[] = [];
  let left = s;
  for (let tap = 0; tap < w.kernel[axis]! - 1; tap++) {
    won.push(g.mul(left, equals(stage, tap)));
    left = minus(g, left, won[tap]!, blocked(stage));
  }
  won.push(left); // what no earlier tap took
  const moves = w.strides[axis] === 1 && reach(w, axis) >= Math.max(w.begin[axis]!, w.end[axis]!);
  if (!moves) return fit(stage, putBack(stage, won));
  const shape = [channels, 1, ...w.kernel];
  return g.sum(won.map((value, tap) => correlationAdjoint(site, value, oneHot(stage, tap), shape, { ...w, group: channels })));
};

/** Σ over taps, each put at o·stride + tap·dilation: maps per residue, shifted by whole strides, then interleaved. */
const putBack = ({ g, y, axis, window: w }: Stage, won: readonly string[]): string => {
  const [stride, dilation] = [w.strides[axis]!, w.dilations[axis]!];
  const spare = Math.floor(reach(w, axis) / stride); // maps are longer by this
  const along = (n: number) => w.kernel.map((_, i) => (i === axis ? n : 0));
  const maps = new Map<number, string[]>();
  for (const [tap, value] of won.entries()) {
    const shift = Math.floor((tap * dilation) / stride);
    const pads = [0, 0, ...along(shift), 0, 0, ...along(spare - shift)];
    const residue = (tap * dilation) % stride;
    maps.set(residue, [...(maps.get(residue) ?? []), spare > 0 ? g.op("Pad", [value, g.ints(pads)]) : value]);
  }
  const zero = () => g.mul(g.sum([...maps.values()][0]!), g.floats(0));
  const mapOf = (residue: number) => (maps.has(residue) ? g.sum(maps.get(residue)!) : zero());
  const joined = (n: number, i: number) => (i === axis ? (n + spare) * stride : n);
  const sizes = () =>
    w.output.includes(null)
      ? g.mul(
          g.add(g.op("Shape", [y], { start: 2 }), g.ints(along(spare))),
          g.ints(w.kernel.map((_, i) => (i === axis ? stride : 1))),
        )
      : w.output.map((n, i) => joined(n!, i));
  return interleave(g, w.strides, (residues) => mapOf(residues[axis]!), sizes);
};

/** Cuts the padding off and fills what the windows did not reach. */
const fit = ({ g, x, window: w }: Stage, r: string): string => {
  const axes = w.kernel.map((_, i) => i + 2);
  if (w.input.includes(null) || w.output.includes(null)) {
    // Windows reach less than a stride short of the end: room for that, then cut to the run-time size.
    const long = g.op("Pad", [r, g.ints([0, 0, ...axes.map(() => 0), 0, 0, ...w.strides])]);
    const stop = g.add(g.op("Shape", [x], { start: 2 }), g.ints(w.begin));
    return g.op("Slice", [long, g.ints(w.begin), stop, g.ints(axes)]);
  }
  const length = w.output.map((out, i) => (out! + Math.floor(reach(w, i) / w.strides[i]!)) * w.strides[i]!);
  const end = w.input.map((size, i) => size! + w.begin[i]! - length[i]!);
  if ([...w.begin, ...end].every((n) => n === 0)) return r;
  return g.op("Pad", [r, g.ints([0, 0, ...w.begin.map((n) => -n), 0, 0, ...end])]); // negative pads cut
};

/** The part of a window along one axis: those before it are not pooled yet, those behind it are. */
const windowAlong = (w: Window, axis: number): Window => {
  const along = (values: readonly number[], other: number) => values.map((value, i) => (i === axis ? value : other));
  const sizes = (pooled: number) => w.input.map((size, i) => (i >= pooled ? w.output[i]! : size));
  return {
    ...w,
    kernel: along(w.kernel, 1),
    strides: along(w.strides, 1),
    dilations: along(w.dilations, 1),
    begin: along(w.begin, 0),
    end: along(w.end, 0),
    input: sizes(axis + 1),
    output: sizes(axis),
  };
};

/** Innermost axis first, which is the last that relevance comes to. */
const stagesOf = ({ g, node, facts }: Site, channels: number): readonly Stage[] => {
  const w = windowOf(node, facts);
  const pools = (i: number) => w.kernel[i]! > 1 || w.strides[i]! > 1;
  const axes = w.kernel.flatMap((_, i) => (pools(i) ? [i] : [])).reverse();
  let x = clampedPart(g, node.input[0]!); // a tap is read by a sum with zeros
  return axes.map((axis, k) => {
    const window = windowAlong(w, axis);
    const { kernel, strides, dilations, begin, end } = window;
    const attributes = {
      kernel_shape: kernel,
      strides,
      dilations,
      pads: [...begin, ...end],
      ceil_mode: getInt(node, "ceil_mode", 0),
    };
    const y = k === axes.length - 1 ? clampedPart(g, node.output[0]!) : g.op("MaxPool", [x], attributes);
    const stage = { g, x, y, axis, channels, window };
    x = y;
    return stage;
  });
};

export const MaxPool: Op = (node, facts) => {
  const adjoint = (site: Site, s: string): string => {
    const w = windowOf(node, facts);
    const channels = facts.shapeOf(node.input[0]!)[1];
    if (typeof channels !== "number" || (getInt(node, "ceil_mode", 0) === 1 && w.input.includes(null)))
      throw fail("Unsupported", {
        what: "a MaxPool of dynamic size with ceil_mode, or of dynamic channels",
        where: `node '${nodeLabel(node)}'`,
        fix: "fix the size of the input",
      });
    return stagesOf(site, channels).reduceRight((r, stage) => toWinners(site, stage, r), s);
  };
  const role: OtherRole = {
    kind: "selection",
    inputs: [0],
    vjp: (site, g) => adjoint(site, first(site, g)),
    nonnegative: (input) => input(0),
  };
  return role;
};
