/** Random masks and what they weigh: see rise.ts. */
import { groupsOf, type Layout, layoutOf, spreadPositions } from "../../features/index.ts";
import { MOST_ROWS } from "../../oracle/oracle.ts";
import { repeatedRows } from "../../oracle/rows.ts";
import { sampleOf, widthOf, zerosLike } from "../../tensor/float.ts";
import type { Attribution, Task } from "../method.ts";
import { baselinesOf } from "../reference/baseline.ts";
import { drawMask, type Enlarge, enlarger, type Mask, type MaskGrid, maskGrid } from "./masks.ts";

/** The map of RISE; with several baselines each mask is asked about with each. */
export const weighMasks = async (task: Task): Promise<Attribution> => {
  const { x, params, oracle, random } = task;
  const { masks, cells, keep, signed } = params as { masks: number; cells: number; keep: number; signed: boolean };
  const baselines = baselinesOf(params.baseline!, task);
  const frameOf = framesOf(task, cells);
  const relevance = zerosLike(x);
  const draw = remembered((n, draw) => drawMask(frameOf(n).grid, keep, random.stream(random.id(n), draw)));
  const maskOf = (n: number, k: number) => draw(n, Math.floor(k / baselines.length));
  const perSample = masks * baselines.length;
  const rows = repeatedRows(oracle.samples, perSample, (n, k, into) => {
    baselines[k % baselines.length]!.write(n, into);
    const { cells, shift } = maskOf(n, k);
    const { layout, enlarge } = frameOf(n);
    blend(layout, enlarge(cells, shift), sampleOf(x, n), into);
  });
  let sums = new MaskSums(frameOf(0).grid);
  await oracle.scores(rows, (row, { score }) => {
    const n = rows.sample(row);
    const k = row - n * perSample;
    const { grid, layout, enlarge } = frameOf(n);
    if (k === 0) sums = new MaskSums(grid);
    sums.add(maskOf(n, k), score);
    if (k < perSample - 1) return;
    const means = signed ? sums.signed(enlarge) : sums.weighted(enlarge, perSample * keep);
    spreadPositions(layout, means, sampleOf(relevance, n));
  });
  return { relevance };
};

/** Of what masks are made: cells over positions, or the groups given, each a cell. */
interface MaskFrame {
  readonly layout: Layout;
  readonly grid: MaskGrid;
  readonly enlarge: Enlarge;
}

const framesOf = ({ x, kind, groups }: Task, cells: number): ((n: number) => MaskFrame) => {
  if (groups === undefined) {
    const layout = layoutOf(x.dims, kind);
    const grid = maskGrid(layout, cells);
    const frame: MaskFrame = { layout, grid, enlarge: enlarger(grid) };
    return () => frame;
  }
  const width = widthOf(x);
  const layout = layoutOf([x.dims[0]!, width], "values");
  const frames = groupsOf(x, "given", { kind, given: groups }).map(({ ids, count }): MaskFrame => {
    const mask = new Float64Array(width);
    const enlarge: Enlarge = (values) => {
      for (let i = 0; i < width; i++) mask[i] = values[ids[i]!]!;
      return mask;
    };
    return { layout, grid: { cells: [count], shifts: [1], sizes: [width] }, enlarge };
  });
  return (n) => frames[n]!;
};

/** What a batch draws when it is written is asked for again when its scores come back. */
const remembered = (draw: (n: number, k: number) => Mask): ((n: number, k: number) => Mask) => {
  const known: { n: number; k: number; mask: Mask }[] = [];
  return (n, k) => {
    const slot = known[k % MOST_ROWS];
    if (slot?.n === n && slot.k === k) return slot.mask;
    const mask = draw(n, k);
    known[k % MOST_ROWS] = { n, k, mask };
    return mask;
  };
};

/** into = baseline + M ⊙ (x − baseline). */
const blend = ({ before, after }: Layout, mask: Float64Array, sample: Float32Array, into: Float32Array): void => {
  const size = mask.length * after;
  for (let c = 0; c < before; c++) {
    const x = sample.subarray(c * size, (c + 1) * size);
    const y = into.subarray(c * size, (c + 1) * size);
    if (after === 1) blendPlane(mask, x, y);
    else for (let i = 0; i < size; i++) y[i]! += mask[Math.floor(i / after)]! * (x[i]! - y[i]!);
  }
};

/** Four at a time: a third faster, and most of what a mask costs. */
const blendPlane = (m: Float64Array, x: Float32Array, y: Float32Array): void => {
  let i = 0;
  for (; i + 3 < y.length; i += 4) {
    const [j, k, l] = [i + 1, i + 2, i + 3];
    const [a, b, c, d] = [y[i]!, y[j]!, y[k]!, y[l]!];
    y[i] = a + m[i]! * (x[i]! - a);
    y[j] = b + m[j]! * (x[j]! - b);
    y[k] = c + m[k]! * (x[k]! - c);
    y[l] = d + m[l]! * (x[l]! - d);
  }
  for (; i < y.length; i++) y[i]! += m[i]! * (x[i]! - y[i]!);
};

/** Σ f·M and Σ M, kept as cells for each shift until the end. */
class MaskSums {
  readonly #byShift = new Map<number, { readonly scored: Float64Array; readonly plain: Float64Array }>();
  #score = 0;
  #count = 0;

  constructor(readonly grid: MaskGrid) {}

  add({ cells, shift }: Mask, score: number): void {
    let sums = this.#byShift.get(shift);
    if (sums === undefined) {
      sums = { scored: new Float64Array(cells.length), plain: new Float64Array(cells.length) };
      this.#byShift.set(shift, sums);
    }
    for (let i = 0; i < cells.length; i++)
      if (cells[i] === 1) {
        sums.scored[i]! += score;
        sums.plain[i]!++;
      }
    this.#score += score;
    this.#count++;
  }

  weighted(enlarge: Enlarge, by: number): Float64Array {
    return this.#enlarged(enlarge, "scored").map((sum) => sum / by);
  }

  signed(enlarge: Enlarge): Float64Array {
    const scored = this.#enlarged(enlarge, "scored");
    const kept = this.#enlarged(enlarge, "plain");
    return scored.map((sum, i) => ratio(sum, kept[i]!) - ratio(this.#score - sum, this.#count - kept[i]!));
  }

  #enlarged(enlarge: Enlarge, which: "scored" | "plain"): Float64Array {
    const total = new Float64Array(this.grid.sizes.reduce((a, b) => a * b, 1));
    for (const [shift, sums] of this.#byShift) {
      const one = enlarge(sums[which], shift);
      for (let i = 0; i < total.length; i++) total[i]! += one[i]!;
    }
    return total;
  }
}

const ratio = (sum: number, count: number): number => (count > 0 ? sum / count : 0);
