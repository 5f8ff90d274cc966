/** The direction of a concept among the channels of a value, learnt from samples with it and without. */
import { fail } from "../errors.ts";
import { quantileOf } from "../numeric/quantile.ts";
import { separating } from "./separating.ts";

const DIRECTIONS = ["pattern", "svm"] as const;
export type DirectionMethod = (typeof DIRECTIONS)[number];

/** Plain data. */
export interface ConceptDirection {
  readonly method: DirectionMethod;
  /** v, a number a channel. */
  readonly vector: readonly number[];
  /** z̄: the mean of vᵀ a over clean samples. */
  readonly clean: number;
  /** The 95th percentile of vᵀ a over clean samples: a reactive repair leaves what lies below. */
  readonly threshold: number;
  /** Share of the samples on their own side of the middle between both means. */
  readonly separated: number;
}

export interface Examples {
  /** By sample: the largest activation over positions of each channel. */
  readonly clean: readonly ArrayLike<number>[];
  readonly artefact: readonly ArrayLike<number>[];
}

const REACTIVE = 0.95;

/**
 * `pattern` (Haufe et al. 2014; Pahde et al. 2025): cov(a, y) / var(y), y = 1 with the artefact. `svm`: the weights of a linear support
 * vector machine, which may point elsewhere where channels are correlated. Errors: BadInput for too few samples, or a concept that nothing tells.
 */
export const conceptDirection = ({ clean, artefact }: Examples, method: DirectionMethod = "pattern"): ConceptDirection => {
  const width = clean[0]?.length;
  if (clean.length < 2 || artefact.length < 2 || width === undefined)
    throw fail("BadInput", {
      what: `${clean.length} clean samples and ${artefact.length} with the artefact`,
      fix: "give at least two of each",
    });
  if (!DIRECTIONS.includes(method))
    throw fail("BadRecipe", { what: `direction '${method}'`, fix: `it is ${DIRECTIONS.join(" or ")}` });
  const vector = method === "pattern" ? pattern(clean, artefact, width) : separating(clean, artefact);
  if (!vector.every(Number.isFinite) || vector.every((v) => v === 0))
    throw fail("BadInput", {
      what: "no channel tells samples with the artefact from those without",
      fix: "take another value, or other samples",
    });
  const along = (rows: readonly ArrayLike<number>[]) => rows.map((row) => vector.reduce((sum, v, c) => sum + v * row[c]!, 0));
  const [own, other] = [along(clean), along(artefact)];
  const middle = (meanOf(own) + meanOf(other)) / 2;
  const right = own.filter((z) => z < middle).length + other.filter((z) => z > middle).length;
  return {
    method,
    vector,
    clean: meanOf(own),
    threshold: quantileOf(
      [...own].sort((a, b) => a - b),
      REACTIVE,
    ),
    separated: right / (own.length + other.length),
  };
};

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Of y in {0, 1} the covariance over the variance is the difference of the two means. */
const pattern = (clean: Examples["clean"], artefact: Examples["artefact"], width: number): readonly number[] =>
  Array.from({ length: width }, (_, c) => meanOf(artefact.map((row) => row[c]!)) - meanOf(clean.map((row) => row[c]!)));
