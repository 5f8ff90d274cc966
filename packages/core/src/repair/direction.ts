/** The direction of a concept at a value, learnt from samples with it and without: a number a channel, or one a neuron. */
import { fail } from "../errors.ts";
import { quantileOf } from "../numeric/quantile.ts";
import { separating } from "./separating.ts";

const DIRECTIONS = ["pattern", "svm"] as const;
export type DirectionMethod = (typeof DIRECTIONS)[number];

/** Plain data. */
export interface ConceptDirection {
  /** `given`: not learnt. */
  readonly method: DirectionMethod | "given";
  /** v. */
  readonly vector: readonly number[];
  /** z̄: the mean of vᵀ a over clean samples. */
  readonly clean: number;
  /** The 95th percentile of vᵀ a over clean samples: a reactive repair leaves what lies below. */
  readonly threshold: number;
  /** Of scope `patches`: the mean of each channel over positions of clean samples. */
  readonly usual?: readonly number[];
  /** Share of the samples on their own side of the middle between both means: samples that v was not learnt from, where there are four of each. Absent without samples with the artefact. */
  readonly separated?: number;
}

export interface Examples {
  /** By sample a, in the order of v: the largest activation of each channel, or all activations. */
  readonly clean: readonly ArrayLike<number>[];
  readonly artefact: readonly ArrayLike<number>[];
}

export const REACTIVE = 0.95;
/** Of each kind: below, v is tried on the samples it was learnt from. */
const FOR_HALVES = 4;

/**
 * `pattern` (Haufe et al. 2014; Pahde et al. 2025): cov(a, y) / var(y), y = 1 with the artefact. `svm`: the weights of a linear support
 * vector machine, which may point elsewhere where channels are correlated. Errors: BadInput for too few samples, or a concept that nothing tells.
 */
export const conceptDirection = (examples: Examples, method: DirectionMethod = "pattern"): ConceptDirection => {
  checkExamples(examples, method);
  const vector = learnt(examples, method);
  const own = { learn: (half: Examples) => learnt(half, method), along };
  return { method, vector, ...usual(vector, examples.clean), separated: separatedBy(examples, own, vector) };
};

/** Errors: BadInput for too few samples, BadRecipe. */
export const checkExamples = ({ clean, artefact }: Examples, method: DirectionMethod): void => {
  if (clean.length < 2 || artefact.length < 2)
    throw fail("BadInput", {
      what: `${clean.length} clean samples and ${artefact.length} with the artefact`,
      fix: "give at least two of each",
    });
  if (!DIRECTIONS.includes(method))
    throw fail("BadRecipe", { what: `direction '${method}'`, fix: `it is ${DIRECTIONS.join(" or ")}` });
};

/** The same of a v that is given: a channel, a vector from a file. `artefact` may be empty. Errors: BadInput for no clean samples, or a v that does not fit. */
export const givenDirection = (vector: readonly number[], examples: Examples): ConceptDirection => {
  const { clean, artefact } = examples;
  const width = clean[0]?.length;
  if (width === undefined) throw fail("BadInput", { what: "no clean samples", fix: "give some" });
  if (vector.length !== width || vector.every((v) => v === 0) || !vector.every(Number.isFinite))
    throw fail("BadInput", { what: `a direction of ${vector.length} numbers`, fix: `give ${width} finite ones, not all 0` });
  return {
    method: "given",
    vector,
    ...usual(vector, clean),
    ...(artefact.length > 0 && { separated: told(along(vector, clean), along(vector, artefact)) }),
  };
};

const along = (vector: ArrayLike<number>, rows: readonly ArrayLike<number>[]): readonly number[] =>
  rows.map((row) => {
    let sum = 0;
    for (let c = 0; c < vector.length; c++) sum += vector[c]! * row[c]!;
    return sum;
  });

const usual = (vector: readonly number[], clean: Examples["clean"]) => {
  const own = along(vector, clean);
  const ordered = [...own].sort((a, b) => a - b);
  return { clean: meanOf(own), threshold: quantileOf(ordered, REACTIVE) };
};

interface Way {
  learn(half: Examples): readonly number[];
  /** How much of it each sample has. */
  along(vector: readonly number[], rows: Examples["clean"]): readonly number[];
}

/** Each half of the samples, even numbers and odd ones, by a v learnt from the other; of few samples by `vector`. */
export const separatedBy = (examples: Examples, { learn, along: of }: Way, vector: readonly number[]): number => {
  const { clean, artefact } = examples;
  const shareBy = (v: readonly number[], by: Examples, own: Examples) =>
    told(of(v, own.clean), of(v, own.artefact), middleOf(of(v, by.clean), of(v, by.artefact)));
  if (clean.length < FOR_HALVES || artefact.length < FOR_HALVES) return shareBy(vector, examples, examples);
  const half = (parity: number): Examples => ({
    clean: clean.filter((_, i) => i % 2 === parity),
    artefact: artefact.filter((_, i) => i % 2 === parity),
  });
  const [even, odd] = [half(0), half(1)];
  const share = (by: Examples, own: Examples) => shareBy(learn(by), by, own) * (own.clean.length + own.artefact.length);
  return (share(even, odd) + share(odd, even)) / (clean.length + artefact.length);
};

const middleOf = (clean: readonly number[], artefact: readonly number[]): number => (meanOf(clean) + meanOf(artefact)) / 2;

/** Share of the samples on their own side of the middle. */
const told = (clean: readonly number[], artefact: readonly number[], middle = middleOf(clean, artefact)): number => {
  const right = clean.filter((z) => z < middle).length + artefact.filter((z) => z > middle).length;
  return right / (clean.length + artefact.length);
};

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Errors: BadInput where nothing tells the samples apart. */
export const learnt = ({ clean, artefact }: Examples, method: DirectionMethod): readonly number[] => {
  const vector = method === "pattern" ? pattern(clean, artefact) : separating(clean, artefact);
  if (vector.every(Number.isFinite) && vector.some((v) => v !== 0)) return vector;
  throw fail("BadInput", {
    what: "no channel tells samples with the artefact from those without",
    fix: "take another value, or other samples",
  });
};

/** Of y in {0, 1} the covariance over the variance is the difference of the two means. */
const pattern = (clean: Examples["clean"], artefact: Examples["artefact"]): readonly number[] => {
  const [without, having] = [meanRow(clean), meanRow(artefact)];
  return Array.from(having, (mean, c) => mean - without[c]!);
};

const meanRow = (rows: readonly ArrayLike<number>[]): Float64Array => {
  const sum = new Float64Array(rows[0]!.length);
  for (const row of rows) for (let c = 0; c < sum.length; c++) sum[c]! += row[c]!;
  return sum.map((v) => v / rows.length);
};
