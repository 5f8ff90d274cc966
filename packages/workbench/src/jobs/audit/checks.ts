/**
 * Verdicts. Each names its number and what the number is held against; docs/audit.md says where the thresholds come from. A mean passes
 * when its whole 95 % interval is on the good side of the threshold, fails when all of it is on the other, and is else not enough data.
 */
import type { MethodCard } from "@backlit/core";
import type { AuditScore, Check, LedgerStatistics, Preflight } from "./document.ts";

export const THRESHOLDS = {
  /** Samples below which no mean is judged. */
  samples: 20,
  /** Rest of the ledger over what --strict allows. */
  rest: 1,
  /** Median relative error of the sum. */
  completeness: 0.05,
  /** Size of Spearman's ρ of the map and that of a model without knowledge. */
  randomised: 0.5,
  /** Spearman's ρ of the maps of two classes. */
  classes: 0.9,
} as const;

export interface Findings {
  readonly preflight: Preflight;
  readonly card: MethodCard | undefined;
  /** The method asks the model more than once. */
  readonly many: boolean;
  readonly ledger?: LedgerStatistics;
  readonly scores: readonly AuditScore[];
  readonly refused: Readonly<Record<string, string>>;
  /** Classes of the model's output; 1 where it has one logit. */
  readonly classes: number;
}

export const checksOf = (findings: Findings): readonly Check[] => [
  operators(findings),
  ledgerCheck(findings),
  completeness(findings),
  randomised(findings),
  classSensitive(findings),
  ...faithfulness(findings),
];

const operators = ({ preflight: { nodes, unsupported }, many }: Findings): Check => {
  const base = {
    id: "operators",
    what: "Every operator has a rule",
    value: unsupported.length,
    threshold: "0 without one",
  } as const;
  if (many) return { ...notApplicable(base.id, base.what, "the method asks the model as a whole: operators need no rules") };
  return unsupported.length === 0
    ? { ...base, verdict: "passed", words: `all ${nodes} nodes between output and input have one` }
    : {
        ...base,
        verdict: "failed",
        words: `${unsupported.length} of ${nodes} nodes are detached: what goes through them is not explained`,
      };
};

const ledgerCheck = ({ ledger, many }: Findings): Check => {
  const what = "The ledger adds up";
  if (ledger === undefined)
    return notApplicable(
      "ledger",
      what,
      many ? "the method hands no relevance back from layer to layer" : "a ledger goes with lrp",
    );
  const { largest, exceeding } = ledger.rest;
  return {
    ...{
      id: "ledger",
      what,
      n: ledger.n,
      value: largest,
      threshold: `an unexplained rest of at most ${THRESHOLDS.rest} × what --strict allows (1e-4 of the largest sum on the way), on every sample`,
    },
    verdict: exceeding === 0 ? "passed" : "failed",
    words:
      exceeding === 0
        ? "what reaches the input and what is named as lost make up the seed"
        : `${exceeding} of ${ledger.n} samples have a rest that no cause explains`,
  };
};

const completeness = ({ card, scores, refused }: Findings): Check => {
  const what = "The map adds up to what the method promises";
  const promised = card?.conserves ?? "nothing";
  const score = scores.find((one) => one.score === "completeness_error_relative");
  if (score === undefined) return notApplicable("completeness", what, refused.completeness ?? `it promises ${promised}`);
  const { median, n } = score;
  const good = median <= THRESHOLDS.completeness;
  return {
    ...{ id: "completeness", what, n, value: median, threshold: `median relative error at most ${THRESHOLDS.completeness}` },
    verdict: good ? "passed" : "failed",
    words: `it promises ${promised}, and is ${good ? "that close to it" : "further from it"}`,
  };
};

const randomised = ({ scores, refused }: Findings): Check => {
  const what = "The map depends on what the model learnt";
  const score = scores.find(({ metric, score: name }) => metric === "mprt" && name === "spearman_last");
  if (score === undefined) return notApplicable("randomised", what, refused.mprt ?? "not measured");
  // |ρ|: a map with all signs flipped carries the same information.
  const size = score.mean < 0 ? { ...score, mean: -score.mean, low: -score.high, high: -score.low } : score;
  return below("randomised", what, "|ρ|", size, THRESHOLDS.randomised, {
    good: "with all weights drawn at random it becomes another map",
    bad: "it stays much the same when all weights are drawn at random",
  });
};

const classSensitive = ({ scores, refused, classes }: Findings): Check => {
  const what = "The map depends on the class";
  if (classes < 2)
    return notApplicable("classes", what, "with one logit the other class's map is this one with its signs turned");
  const score = scores.find(({ metric, score: name }) => metric === "random-logit" && name === "spearman");
  if (score === undefined) return notApplicable("classes", what, refused["random-logit"] ?? "not measured");
  return below("classes", what, "ρ", score, THRESHOLDS.classes, {
    good: "explained for another class it is another map",
    bad: "it is much the same whichever class is explained",
  });
};

/** One check for each imputer: more symmetric relevance gain than random maps. */
const faithfulness = ({ scores }: Findings): readonly Check[] =>
  scores
    .filter(({ metric, score }) => metric === "srg" && score === "srg")
    .map((score): Check => {
      const { n, mean, low, high, floor, setting } = score;
      const imputer = / imputer (.*)$/.exec(setting)?.[1] ?? "zero";
      const what = `The model reacts to what the map marks (removed: ${imputer})`;
      const base = { id: `faithful-${imputer.split(/[: ]/)[0]}`, what, n, value: mean };
      if (floor === undefined || n < THRESHOLDS.samples) return tooFew(base, n);
      const threshold = `above ${short(floor.high)}, the noise floor of random maps`;
      const verdict = low > floor.high ? "passed" : high <= floor.high ? "failed" : "not enough data";
      const words = {
        passed: "removing what it marks first changes the prediction faster than removing it last, beyond random maps",
        failed: "it is no better than random maps",
        "not enough data": "its interval reaches into the noise floor",
      }[verdict];
      return { ...base, threshold, verdict, words };
    });

const below = (
  id: string,
  what: string,
  number: string,
  { n, mean, low, high }: AuditScore,
  most: number,
  { good, bad }: { readonly good: string; readonly bad: string },
): Check => {
  const base = { id, what, n, value: mean };
  if (n < THRESHOLDS.samples) return tooFew(base, n);
  const threshold = `Spearman's ${number} at most ${most}`;
  if (high <= most) return { ...base, threshold, verdict: "passed", words: good };
  if (low > most) return { ...base, threshold, verdict: "failed", words: bad };
  return { ...base, threshold, verdict: "not enough data", words: "its interval holds the threshold" };
};

const tooFew = (base: Pick<Check, "id" | "what" | "n" | "value">, n: number): Check => ({
  ...base,
  threshold: `judged from ${THRESHOLDS.samples} samples on`,
  verdict: "not enough data",
  words: `${n} ${n === 1 ? "sample is" : "samples are"} too few`,
});

const notApplicable = (id: string, what: string, words: string): Check => ({ id, what, verdict: "not applicable", words });

const short = (value: number): string => String(Number(value.toPrecision(3)));
