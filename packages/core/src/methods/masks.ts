/**
 * Smooth random masks (Petsiuk et al. 2018, section 3.2): a small grid of cells that are 1 with probability p, enlarged bilinearly to one cell more
 * than the input needs and cut out at a random shift. Enlarging is linear, so masks that share a shift can be summed as cells and enlarged once.
 */
import type { Layout } from "./features/index.ts";
import type { Stream } from "./random.ts";

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

/** Cells are 1 or 0; the shift is one number for all axes. */
export const drawMask = ({ cells, shifts }: MaskGrid, keep: number, stream: Stream, into: Float64Array): number => {
  let shift = 0;
  for (const side of shifts) shift = shift * side + stream.below(side);
  const count = cells.reduce((a, b) => a * b, 1);
  for (let i = 0; i < count; i++) into[i] = stream.next() < keep ? 1 : 0;
  return shift;
};

export type Enlarge = (cells: Float64Array, shift: number) => Float64Array;

/** The mask of all positions; its array is overwritten by the next call. */
export const enlarger = ({ cells, shifts, sizes }: MaskGrid): Enlarge => {
  // Before axis a is enlarged: sizes of the axes before it, cells of those after.
  const steps = sizes.map((size, axis) => ({
    size,
    cells: cells[axis]!,
    before: sizes.slice(0, axis).reduce((a, b) => a * b, 1),
    after: cells.slice(axis + 1).reduce((a, b) => a * b, 1),
    ...weights(size, cells[axis]!, shifts[axis]!),
  }));
  const buffers = steps.map(({ before, size, after }) => new Float64Array(before * size * after));
  return (values, shift) => {
    const offsets = offsetsOf(shift, shifts);
    let from = values;
    steps.forEach((step, axis) => {
      enlargeAxis(from, step, offsets[axis]!, buffers[axis]!);
      from = buffers[axis]!;
    });
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
  readonly low: Uint32Array;
  readonly part: Float64Array;
}

/** Of the enlarged axis: between which cells a position lies (centres at half positions), and how near the upper one. */
const weights = (size: number, cells: number, side: number): Pick<Step, "low" | "part"> => {
  const enlarged = side === 1 ? size : (cells + 1) * side;
  const low = new Uint32Array(enlarged);
  const part = new Float64Array(enlarged);
  for (let i = 0; i < enlarged; i++) {
    const at = Math.min(Math.max(((i + 0.5) * cells) / enlarged - 0.5, 0), cells - 1);
    low[i] = Math.min(Math.floor(at), Math.max(0, cells - 2));
    part[i] = at - low[i]!;
  }
  return { low, part };
};

const enlargeAxis = (from: Float64Array, { size, cells, before, after, low, part }: Step, offset: number, to: Float64Array) => {
  for (let b = 0; b < before; b++)
    for (let i = 0; i < size; i++) {
      const p = part[i + offset]!;
      const at = (b * cells + low[i + offset]!) * after;
      const next = cells > 1 ? at + after : at;
      const out = (b * size + i) * after;
      for (let a = 0; a < after; a++) to[out + a] = from[at + a]! * (1 - p) + from[next + a]! * p;
    }
};
