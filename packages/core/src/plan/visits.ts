/**
 * How often the first layer visits each pixel of the explained value. A convolution of kernel k, stride s and dilation d reads pixel x with
 * its taps t < k for which s divides x + pad − t·d: with s > 1 some pixels more often than others, in a pattern of period s that
 * a map shows as dots. Borders are left aside: what a pad cuts off is the model's, no pattern.
 */
import type { Facts } from "../graph/facts.ts";
import { getInts } from "../onnx/attributes.ts";
import { windowOf } from "../ops/window.ts";
import type { Step } from "./step.ts";

/** Counts of a row and of a column, one period each, from the first pixel on. */
export interface Visits {
  readonly across: readonly number[];
  readonly down: readonly number[];
  /** Of slices, where the explained value is a volume. */
  readonly deep?: readonly number[];
}

/** Values stay where they are, or move as a whole. */
const PASSED = new Set(["Identity", "Cast", "Transpose", "Pad", "BatchNormalization", "Mul", "Div", "Add", "Sub"]);

/** Undefined where the way to the first layers has other operators, layers differ, or all pixels are visited as often. */
export const visitsOf = (steps: readonly Step[], facts: Facts, explained: string): Visits | undefined => {
  const patterns = new Map<string, Visits>();
  /** How far values have moved, an axis in space each, the last one last. */
  const offsets = new Map<string, readonly number[]>([[explained, [0, 0, 0]]]);
  for (const { node, role, inputs } of steps) {
    const from = inputs.map((k) => offsets.get(node.input[k]!)).find((offset) => offset !== undefined);
    if (from === undefined) continue;
    if (node.opType === "Conv" && role.kind === "linear") {
      const window = windowOf(node, facts, role.weight);
      if (window.rank !== 2 && window.rank !== 3) return undefined;
      const counts = window.kernel.map((_, axis) =>
        period({
          kernel: window.kernel[axis]!,
          stride: window.strides[axis]!,
          dilation: window.dilations[axis]!,
          pad: window.begin[axis]! + from[axis + 3 - window.rank]!,
        }),
      );
      const [across, down, deep] = counts.reverse() as [number[], number[], number[]?];
      patterns.set(`${deep}|${down}|${across}`, { down, across, ...(deep && { deep }) });
    } else if (PASSED.has(node.opType) && inputs.length === 1) {
      const moved = node.opType === "Pad" ? padOf(node, facts) : [0, 0, 0];
      if (moved === undefined) return undefined;
      offsets.set(
        node.output[0]!,
        from.map((offset, axis) => offset + moved[axis]!),
      );
    } else return undefined;
  }
  const [visits] = patterns.values();
  return patterns.size === 1 && isUneven(visits!) ? visits : undefined;
};

/** Some places are visited more often than others. */
export const isUneven = ({ down, across, deep = [] }: Visits): boolean =>
  [down, across, deep].some((counts) => new Set(counts).size > 1);

interface Line {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

const period = ({ kernel, stride, dilation, pad }: Line): number[] =>
  Array.from({ length: stride }, (_, x) => {
    const taps = Array.from({ length: kernel }, (_, t) => x + pad - t * dilation);
    return taps.filter((at) => ((at % stride) + stride) % stride === 0).length;
  });

/** Of the three last axes, before their first pixel; an axis of channels is not padded. */
const padOf = (node: Step["node"], facts: Facts): readonly number[] | undefined => {
  const pads = getInts(node, "pads") ?? facts.numbers(node.input[1]);
  const half = (pads?.length ?? 0) / 2;
  return pads === undefined || half < 3 ? undefined : pads.slice(half - 3, half);
};
