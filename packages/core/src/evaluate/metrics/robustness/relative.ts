/**
 * Relative stability (Agarwal et al. 2022): the relative change of the map by that of something else,
 *
 *   max over x′ with the class of x of  ‖(Φ(x) − Φ(x′)) / Φ(x)‖₂ / max(d(x, x′), ε)
 *
 * The three metrics differ in d alone. Divisions inside norms are element by element.
 */

import { maxOf } from "../../../numeric/extremes.ts";
import { ownRows } from "../../../oracle/rows.ts";
import { winnerOf } from "../../../oracle/score.ts";
import { sampleOf } from "../../../tensor/float.ts";
import { eachSample, type Measured, type Trial } from "../../metric.ts";
import { listed } from "../../removal/drops.ts";
import { distancesOf, drawOf, LEAST, minus, movesOf, norm, relativeNorm } from "./neighbours.ts";

export const SOURCE = "Agarwal et al. 2022, Rethinking stability for attribution-based explanations";

export const CRITICISM =
  "Divides by each value of the map: values near zero, of which most maps are full, decide the score, and it spans many orders of magnitude; compare methods on one model and input only, by rank. A map that ignores the input is perfectly stable.";

export const SAME_CLASS = {
  what: "share of the drawn inputs that keep the predicted class: the others do not count",
  range: "0 to 1",
};

/** `by`: d of neighbour k of sample n. */
export const stabilityOf = async (trial: Trial, name: string, by: readonly Float64Array[]): Promise<Measured> => {
  const distances = await distancesOf(trial);
  const { kept } = await neighbourOutputs(trial);
  const ratio = distances.map(({ relativeMap }, n) =>
    relativeMap.map((change, k) => (kept[n]![k] === 1 ? change / Math.max(by[n]![k]!, LEAST) : Number.NaN)),
  );
  return {
    scores: {
      [name]: eachSample(trial, (n) => {
        const counted = ratio[n]!.filter((value) => !Number.isNaN(value));
        return counted.length === 0 ? Number.NaN : maxOf(counted);
      }),
      same_class: eachSample(trial, (n) => kept[n]!.reduce((sum, one) => sum + one, 0) / kept[n]!.length),
    },
    curves: { ratio: listed(ratio) },
  };
};

export interface NeighbourOutputs {
  /** 1: predicted as the sample itself. */
  readonly kept: readonly Uint8Array[];
  /** ‖h(x) − h(x′)‖₂ of the logits. */
  readonly output: readonly Float64Array[];
  /** ‖(L(x) − L(x′)) / L(x)‖₂ of the inner value asked for. */
  readonly inner: readonly Float64Array[];
}

/** What the model makes of the neighbours, whatever the heatmap. Errors: Runtime, Aborted. */
export const neighbourOutputs = (trial: Trial, value?: string): Promise<NeighbourOutputs> =>
  trial.shared.once({ neighbours: drawOf(trial), value: value ?? null }, async () => {
    const { x, model } = trial;
    const { count, of } = movesOf(trial);
    const values = value === undefined ? [] : [value];
    const own: { readonly logits: Float32Array; readonly inner: Float32Array | undefined }[] = [];
    await model.scores(
      ownRows(x),
      (n, row) => {
        own[n] = { logits: row.logits.slice(), inner: value === undefined ? undefined : row.values[value]!.data.slice() };
      },
      values,
    );
    const found = {
      kept: own.map(() => new Uint8Array(count)),
      output: own.map(() => new Float64Array(count)),
      inner: own.map(() => new Float64Array(count)),
    };
    const rows = {
      count: own.length * count,
      sample: (row: number) => Math.floor(row / count),
      write: (row: number, into: Float32Array) => {
        const n = Math.floor(row / count);
        const [sample, move] = [sampleOf(x, n), of(n, row % count)];
        for (let i = 0; i < into.length; i++) into[i] = sample[i]! + move[i]!;
      },
    };
    await model.scores(
      rows,
      (row, { logits, values: inside }) => {
        const [n, k] = [Math.floor(row / count), row % count];
        const { logits: before, inner } = own[n]!;
        const { classes } = model.options;
        found.kept[n]![k] = Number(winnerOf(logits, classes).join() === winnerOf(before, classes).join());
        found.output[n]![k] = norm(minus(logits, before));
        if (inner !== undefined) found.inner[n]![k] = relativeNorm(minus(inside[value!]!.data, inner), inner);
      },
      values,
    );
    return found;
  });
