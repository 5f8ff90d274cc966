/**
 * Occlusion (Zeiler and Fergus 2014): a window slides over the input and hides what is under it. R of a value is the mean of
 * f(x) − f(x occluded) over the windows that cover it.
 */

import { eachStretch, type Layout, layoutOf, positionsOf, spreadPositions } from "../../features/index.ts";
import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { BASELINE, baselinesOf } from "../reference/baseline.ts";
import { countedRows } from "./coalitions.ts";
import { type Window, windowsOf } from "./windows.ts";

export const occlusion: Method = {
  card: {
    name: "occlusion",
    family: "perturbation",
    what: "how far the score falls when a window that slides over the input is hidden",
    assumes: "the baseline means absence, and what matters is about as large as the window",
    conserves:
      "nothing; f(x) − f(baseline) where the score is a sum over windows that do not overlap, each given once to its window",
    cost: "1 + windows × baselines F; a picture of 224 × 224 has 225 windows by default",
    classDiscriminative: true,
    modelAgnostic: true,
    joint: true,
    source: "Zeiler, Fergus 2014",
    parameters: {
      window: {
        what: "sides of the window in pixels, steps or tokens: 16, 16x8; auto: an eighth of each side of a picture or series, one token, one feature; groups: those given, one after the other",
        default: "auto",
      },
      stride: { what: "how far it moves: 8, 8x4; auto: half the window", default: "auto" },
      baseline: BASELINE,
    },
  },
  attribute: async (task) => {
    const { x, params, oracle } = task;
    if (params.window === "groups")
      return task.attribute("feature-ablation", { features: "given", share: "whole", baseline: params.baseline });
    const layout = layoutOf(x.dims, task.kind);
    const windows = windowsOf(layout, params.window as string, params.stride as string);
    const baselines = baselinesOf(params.baseline!, task);
    const relevance = zerosLike(x);
    const base = new Float32Array(x.data.length / oracle.samples);
    const rows = countedRows(Array.from({ length: oracle.samples }, () => 1 + windows.length * baselines.length));
    let loaded = -1; // whose baseline is in `base`
    const hide = (n: number, b: number, { from, to }: Window, into: Float32Array): void => {
      if (loaded !== n * baselines.length + b) baselines[b]!.write(n, base);
      loaded = n * baselines.length + b;
      eachStretch(layout, from, to, (start, length) => into.set(base.subarray(start, start + length), start));
    };
    let full = 0;
    let falls = new FallsByPosition(layout);
    await oracle.scores(
      {
        ...rows,
        write: (row, into) => {
          const { n, k } = rows.place(row);
          into.set(sampleOf(x, n));
          // One baseline after the other, so that it is loaded once.
          if (k > 0) hide(n, Math.floor((k - 1) / windows.length), windows[(k - 1) % windows.length]!, into);
        },
      },
      (row, { score }) => {
        const { n, k } = rows.place(row);
        if (k === 0) {
          full = score;
          falls = new FallsByPosition(layout);
        } else falls.add(windows[(k - 1) % windows.length]!, full - score);
        if (k === windows.length * baselines.length) spreadPositions(layout, falls.means(), sampleOf(relevance, n));
      },
    );
    return { relevance };
  },
};

/** Sums and counts by position. */
class FallsByPosition {
  readonly #plane: Layout;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  constructor(layout: Layout) {
    this.#plane = { ...layout, before: 1, after: 1 };
    this.#sums = new Float64Array(positionsOf(layout));
    this.#counts = new Float64Array(positionsOf(layout));
  }

  add({ from, to }: Window, fall: number): void {
    eachStretch(this.#plane, from, to, (start, length) => {
      for (let i = start; i < start + length; i++) {
        this.#sums[i]! += fall;
        this.#counts[i]!++;
      }
    });
  }

  means(): Float64Array {
    return this.#sums.map((sum, i) => sum / Math.max(1, this.#counts[i]!)); // a stride wider than the window leaves gaps
  }
}
