/** How well outputs fit what is right: one number, larger is better, as scikit-learn's scorers of the same names. */
import { fail } from "../errors.ts";

export interface Scorer {
  readonly name: string;
  readonly of: "classes" | "numbers";
  /** In words, for help. */
  readonly what: string;
  /** `outputs`: [rows][classes], probabilities or scores, or one number a row; `right`: classes by their places, or numbers. */
  score(outputs: readonly (readonly number[])[], right: readonly number[]): number;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const winner = (scores: readonly number[]): number => scores.reduce((best, v, k) => (v > scores[best]! ? k : best), 0);

const accuracy: Scorer = {
  name: "accuracy",
  of: "classes",
  what: "share of rows whose class wins",
  score: (outputs, right) => mean(outputs.map((row, n) => Number(winner(row) === right[n]))),
};

const logLoss: Scorer = {
  name: "neg-log-loss",
  of: "classes",
  what: "mean log p of the right class",
  score: (outputs, right) => mean(outputs.map((row, n) => Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, row[right[n]!]!))))),
};
const EPSILON = Number.EPSILON;

const rocAuc: Scorer = {
  name: "roc-auc",
  of: "classes",
  what: "how often a row of the class has more than one of the others; the mean over classes",
  score: (outputs, right) => {
    const classes = outputs[0]!.length;
    const asked = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
    return mean(
      asked.map((k) =>
        areaOf(
          outputs.map((row) => row[k]!),
          right.map((one) => one === k),
        ),
      ),
    );
  },
};

/** The share of pairs in order (Mann and Whitney), ties by half. */
const areaOf = (scores: readonly number[], own: readonly boolean[]): number => {
  const order = scores.map((_, n) => n).sort((a, b) => scores[a]! - scores[b]!);
  let [ranks, count] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let k = from; k < to; k++)
      if (own[order[k]!]) {
        ranks += (from + to + 1) / 2;
        count++;
      }
    from = to;
  }
  const others = own.length - count;
  if (count === 0 || others === 0)
    throw fail("BadInput", {
      what: "roc-auc without rows of a class, or of the others",
      why: "it compares the two",
      fix: "give rows of every class, or take accuracy",
    });
  return (ranks - (count * (count + 1)) / 2) / (count * others);
};

const r2: Scorer = {
  name: "r2",
  of: "numbers",
  what: "share of the variance that is explained",
  score: (outputs, right) => {
    const middle = mean(right);
    const spread = right.reduce((sum, y) => sum + (y - middle) ** 2, 0);
    const rest = right.reduce((sum, y, n) => sum + (y - outputs[n]![0]!) ** 2, 0);
    return spread > 0 ? 1 - rest / spread : Number(rest === 0);
  },
};

const squared: Scorer = {
  name: "neg-mean-squared-error",
  of: "numbers",
  what: "mean squared error, negative",
  score: (outputs, right) => -mean(right.map((y, n) => (y - outputs[n]![0]!) ** 2)),
};

const absolute: Scorer = {
  name: "neg-mean-absolute-error",
  of: "numbers",
  what: "mean error, negative",
  score: (outputs, right) => -mean(right.map((y, n) => Math.abs(y - outputs[n]![0]!))),
};

/** By name; the first of each kind is what is taken where none is named. */
export const scorers: readonly Scorer[] = [accuracy, logLoss, rocAuc, r2, squared, absolute];
