/**
 * Smooth random masks (Petsiuk et al. 2018, section 3.2): a small grid of cells that are 1 with probability p, enlarged bilinearly to one cell more
 * than the input needs and cut out at a random shift. Enlarging is linear, so masks that share a shift can be summed as cells and enlarged once.
 */
import type { Layout } from "../../features/index.ts";
import type { Stream } from "../../numeric/random.ts";

export interface MaskGrid {
  /** Cells along each axis. */
  readonly cells: readonly number[];
  /** Shifts along each axis: side of a cell in positions, 1 where every position is a cell of its own. */
  readonly shifts: readonly number[];
  readonly sizes: readonly number[];
}

/** Tokens and features have no neighbours: a cell each. An axis shorter than `cells` has one cell a position. */
export const maskGrid = ({ sizes, kind }: Layout, cells: number): MaskGrid => {
  const counts = sizes.map((size) => (kind === "space" ? Math.min(cells, size) : size));
  return { cells: counts, shifts: sizes.map((size, axis) => Math.ceil(size / counts[axis]!)), sizes };
};

export interface Mask {
  /** 1 or 0. */
  readonly cells: Float64Array;
  /** One number for all axes. */
  readonly shift: number;
}

export const drawMask = ({ cells, shifts }: MaskGrid, keep: number, stream: Stream): Mask => {
  let shift = 0;
  for (const side of shifts) shift = shift * side + stream.below(side);
  const drawn = new Float64Array(cells.reduce((a, b) => a * b, 1));
  for (let i = 0; i < drawn.length; i++) if (stream.next() < keep) drawn[i] = 1;
  return { cells: drawn, shift };
};

export type Enlarge = (cells: Float64Array, shift: number) => Float64Array;

/** The mask of all positions; its array is overwritten by the next call. */
export const enlarger = ({ cells, shifts, sizes }: MaskGrid): Enlarge => {
  // From the last axis to the first: most of the work is then the first axis, whole rows at a time.
  const steps = sizes
    .map((size, axis) => ({
      axis,
      size,
      cells: cells[axis]!,
      before: cells.slice(0, axis).reduce((a, b) => a * b, 1),
      after: sizes.slice(axis + 1).reduce((a, b) => a * b, 1),
      ...weights(size, cells[axis]!, shifts[axis]!),
    }))
    .reverse()
    .map((step) => ({ ...step, to: new Float64Array(step.before * step.size * step.after) }));
  return (values, shift) => {
    const offsets = offsetsOf(shift, shifts);
    let from = values;
    for (const step of steps) {
      enlargeAxis(from, step, offsets[step.axis]!);
      from = step.to;
    }
    return from;
  };
};

const offsetsOf = (shift: number, shifts: readonly number[]): number[] => {
  const offsets: number[] = [];
  for (let axis = shifts.length - 1, rest = shift; axis >= 0; axis--) {
    offsets[axis] = rest % shifts[axis]!;
    rest = Math.floor(rest / shifts[axis]!);
  }
  return offsets;
};

interface Step {
  readonly size: number;
  readonly cells: number;
  readonly before: number;
  readonly after: number;
  /** Of the enlarged axis: the cell below a position (centres lie at half positions), and how near the cell above is. */
  readonly low: Int32Array;
  readonly part: Float64Array;
  readonly to: Float64Array;
}

const weights = (size: number, cells: number, side: number): Pick<Step, "low" | "part"> => {
  const enlarged = side === 1 ? size : (cells + 1) * side;
  const low = new Int32Array(enlarged);
  const part = new Float64Array(enlarged);
  for (let i = 0; i < enlarged; i++) {
    const at = Math.min(Math.max(((i + 0.5) * cells) / enlarged - 0.5, 0), cells - 1);
    low[i] = Math.min(Math.floor(at), Math.max(0, cells - 2));
    part[i] = at - low[i]!;
  }
  return { low, part };
};

const enlargeAxis = (from: Float64Array, { size, cells, before, after, low, part, to }: Step, offset: number): void => {
  const next = cells > 1 ? after : 0;
  for (let b = 0, out = 0; b < before; b++)
    for (let i = offset; i < offset + size; i++) {
      const p = part[i]!;
      const at = (b * cells + low[i]!) * after;
      for (let a = at; a < at + after; a++, out++) to[out] = from[a]! + p * (from[a + next]! - from[a]!);
    }
};
