/**
 * The perturbation engine: removes the units of each sample in an order, asks the model on the way, and hands back curves. All rows of
 * all curves asked for together go through the model in full batches; the untouched and the wholly removed sample run once.
 */
import { sampleOf } from "../methods/method.ts";
import { fillingOf } from "./imputers/index.ts";
import type { MeasuredCurve, Trial } from "./metric.ts";
import { type EvaluationScore, readScore, SCORES } from "./score.ts";
import type { Units } from "./units.ts";

export interface CurveAsk {
  readonly units: readonly Units[];
  /** Of each sample: units in the order of their removal. */
  readonly orders: readonly Uint32Array[];
  /** Of each sample: counts of removed units, ascending. */
  readonly checkpoints: readonly (readonly number[])[];
  readonly imputer: string;
  /** Draws of the imputer; scores are averaged over them. Default 1. */
  readonly repeats?: number;
  /** Begin with everything removed and put units back. */
  readonly insertion?: boolean;
}

export interface Curves {
  /** Share of a sample's positions that were removed (put back), by sample. */
  readonly at: readonly Float64Array[];
  /** Scores of each sample's class, by sample. */
  readonly scores: Readonly<Record<EvaluationScore, readonly Float64Array[]>>;
  /** Probabilities of the class that comes second on the untouched sample; NaN unless asked for. */
  readonly runnerUp: readonly Float64Array[];
}

/** Results of a row: the four scores, then the runner-up's probability. */
type Marks = Float64Array;

interface Row {
  readonly sample: number;
  readonly marks: Marks;
  write(into: Float32Array): void;
}

/** `runnerUp`: follow the second class, too. Errors: BadRecipe (imputer), Runtime, Aborted. */
export const curvesOf = async (
  trial: Trial,
  asks: readonly CurveAsk[],
  { runnerUp = false }: { readonly runnerUp?: boolean } = {},
): Promise<readonly Curves[]> => {
  const rows: Row[] = [];
  const add = (sample: number, write: Row["write"]): Marks => {
    const marks = new Float64Array(SCORES.length + 1);
    rows.push({ sample, marks, write });
    return marks;
  };
  // Kept for later calls only once they ran: a call may end in an error.
  const ran = trial.shared.once("marks of rows that ran", () => new Map<string, Marks>());
  const begun = new Map<string, Marks>();
  const once = (key: string, make: () => Marks): Marks => {
    const name = `${key} ${runnerUp}`;
    const marks = ran.get(name) ?? begun.get(name) ?? make();
    begun.set(name, marks);
    return marks;
  };
  const second = runnerUp ? await runnersUp(trial) : [];
  const planned = asks.map((ask) => ask.orders.map((_, n) => planOf(trial, ask, n, add, once)));
  await trial.model.scores(
    { count: rows.length, sample: (k) => rows[k]!.sample, write: (k, into) => rows[k]!.write(into) },
    (k, { logits }) => mark(trial, rows[k]!, logits, second),
  );
  for (const [name, marks] of begun) ran.set(name, marks);
  return asks.map((ask, i) => ({
    at: ask.orders.map((_, n) => fractions(ask, n)),
    scores: Object.fromEntries(
      SCORES.map((score, s) => [score, planned[i]!.map((repeats) => averaged(repeats, s))]),
    ) as unknown as Curves["scores"],
    runnerUp: planned[i]!.map((repeats) => averaged(repeats, SCORES.length)),
  }));
};

const mark = ({ model }: Trial, { sample, marks }: Row, logits: Float32Array, second: readonly (readonly number[])[]): void => {
  SCORES.forEach((score, s) => {
    marks[s] = readScore(model, logits, model.targets[sample]!, score);
  });
  const other = second[sample];
  marks[SCORES.length] = other === undefined ? Number.NaN : readScore(model, logits, other, "probability");
};

/** The marks of every repeat and checkpoint of sample n. */
const planOf = (
  trial: Trial,
  ask: CurveAsk,
  n: number,
  add: (n: number, write: Row["write"]) => Marks,
  once: (key: string, make: () => Marks) => Marks,
): Marks[][] => {
  const { imputer, repeats = 1, insertion = false } = ask;
  const x = sampleOf(trial.x, n);
  const { values, end } = sequenceOf(ask.units[n]!, ask.orders[n]!);
  const total = values.length;
  const untouched = () => once(`untouched ${n}`, () => add(n, (into) => into.set(x)));
  return Array.from({ length: repeats }, (_, repeat) => {
    const filling = fillingOf(trial, imputer, n, repeat);
    const gone = () =>
      once(`gone ${n} ${imputer} ${repeat}`, () =>
        add(n, (into) => {
          into.set(x);
          if (filling.kind === "snapshot") into.set(filling.values);
          else filling.fill(into, new Uint8Array(total).fill(1));
        }),
      );
    return ask.checkpoints[n]!.map((k) => {
      const changed = end[k]!;
      if (changed === (insertion ? total : 0)) return untouched();
      if (changed === (insertion ? 0 : total)) return gone();
      const [from, to] = insertion ? [changed, total] : [0, changed];
      return add(n, (into) => {
        if (filling.kind === "snapshot") mix(into, x, filling.values, values, from, to);
        else {
          const mask = new Uint8Array(total);
          for (let i = from; i < to; i++) mask[values[i]!] = 1;
          into.set(x);
          filling.fill(into, mask);
        }
      });
    });
  });
};

/** `kept`, with values `list[from … to − 1]` of `put`: written from whichever leaves less to overwrite. */
const mix = (into: Float32Array, kept: Float32Array, put: Float32Array, list: Uint32Array, from: number, to: number): void => {
  if (2 * (to - from) <= list.length) {
    into.set(kept);
    for (let i = from; i < to; i++) into[list[i]!] = put[list[i]!]!;
    return;
  }
  into.set(put);
  for (let i = 0; i < from; i++) into[list[i]!] = kept[list[i]!]!;
  for (let i = to; i < list.length; i++) into[list[i]!] = kept[list[i]!]!;
};

/** Values of a sample in the order of their removal; end[k] of them are gone with k units. */
const sequenceOf = ({ values, from }: Units, order: Uint32Array): { values: Uint32Array; end: Uint32Array } => {
  const sequence = new Uint32Array(values.length);
  const end = new Uint32Array(order.length + 1);
  order.forEach((unit, k) => {
    const own = values.subarray(from[unit]!, from[unit + 1]!);
    sequence.set(own, end[k]!);
    end[k + 1] = end[k]! + own.length;
  });
  return { values: sequence, end };
};

const fractions = ({ units, orders, checkpoints }: CurveAsk, n: number): Float64Array => {
  const { sizes } = units[n]!;
  const total = sizes.reduce((a, b) => a + b, 0);
  const gone = new Float64Array(orders[n]!.length + 1);
  orders[n]!.forEach((unit, k) => {
    gone[k + 1] = gone[k]! + sizes[unit]!;
  });
  return Float64Array.from(checkpoints[n]!, (k) => gone[k]! / total);
};

const averaged = (repeats: readonly (readonly Marks[])[], score: number): Float64Array =>
  Float64Array.from(
    { length: repeats[0]!.length },
    (_, k) => repeats.reduce((sum, marks) => sum + marks[k]![score]!, 0) / repeats.length,
  );

/** The largest logit that is not the sample's class, as indices for each axis after the batch. */
const runnersUp = (trial: Trial): Promise<readonly (readonly number[])[]> =>
  trial.shared.once("runners-up", async () => {
    const { model } = trial;
    const found: (readonly number[])[] = [];
    await model.scores(
      { count: model.samples, sample: (k) => k, write: (k, into) => into.set(sampleOf(trial.x, k)) },
      (k, { logits }) => {
        found[k] = secondOf(logits, model.options.classes, model.targets[k]!);
      },
    );
    return found;
  });

const secondOf = (logits: Float32Array, classes: readonly number[], target: readonly number[]): readonly number[] => {
  if (logits.length === 1) return [1 - target[0]!];
  const own = target.reduce((flat, i, axis) => flat * classes[axis]! + i, 0);
  const last = classes.at(-1)!;
  let best = -1;
  for (let i = own - (own % last); i < own - (own % last) + last; i++)
    if (i !== own && (best < 0 || logits[i]! > logits[best]!)) best = i;
  return [...target.slice(0, -1), Math.max(0, best) % last];
};

/** One score of curves, for a chart. */
export const curveOf = ({ at, scores }: Curves, score: EvaluationScore): MeasuredCurve => ({ at, values: scores[score] });
