/** The direction of a concept that is taken out position by position: a number a channel. */
import { fail } from "../errors.ts";
import { quantileOf } from "../numeric/quantile.ts";
import {
  type ConceptDirection,
  checkExamples,
  type DirectionMethod,
  type Examples,
  learnt,
  REACTIVE,
  separatedBy,
} from "./direction.ts";

/** `examples`: a sample's activations, position by position the channels. `level`: the share of the clean samples that stays below the threshold everywhere. Errors: as of `conceptDirection`. */
export const positionDirection = (
  examples: Examples,
  channels: number,
  method: DirectionMethod = "pattern",
  level = REACTIVE,
): ConceptDirection => {
  checkExamples(examples, method);
  const learn = (half: Examples) => learntAt(half, channels, method);
  const vector = learn(examples);
  return {
    method,
    vector,
    ...usualAt(vector, examples.clean, level),
    separated: separatedBy(examples, { learn, along: most }, vector),
  };
};

/** The same of a v that is given. Errors: BadInput for no clean samples, or a v that does not fit. */
export const givenAtPositions = (
  vector: readonly number[],
  { clean, artefact }: Examples,
  channels: number,
  level = REACTIVE,
): ConceptDirection => {
  if (clean.length === 0) throw fail("BadInput", { what: "no clean samples", fix: "give some" });
  if (vector.length !== channels || vector.every((v) => v === 0) || !vector.every(Number.isFinite))
    throw fail("BadInput", { what: `a direction of ${vector.length} numbers`, fix: `give ${channels} finite ones, not all 0` });
  const own = { learn: () => vector, along: most };
  return {
    ...{ method: "given", vector },
    ...usualAt(vector, clean, level),
    ...(artefact.length > 0 && { separated: separatedBy({ clean, artefact }, own, vector) }),
  };
};

/** By the largest activation of each channel. */
const learntAt = ({ clean, artefact }: Examples, channels: number, method: DirectionMethod): readonly number[] => {
  const largest = (rows: Examples["clean"]) => rows.map((row) => largestOf(row, channels));
  return learnt({ clean: largest(clean), artefact: largest(artefact) }, method);
};

/** Of each channel over positions. */
const largestOf = (row: ArrayLike<number>, channels: number): Float64Array => {
  const out = new Float64Array(channels).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < row.length; i++) out[i % channels] = Math.max(out[i % channels]!, row[i]!);
  return out;
};

/** vᵀ h by position. */
const amountsOf = (vector: readonly number[], row: ArrayLike<number>): Float64Array => {
  const out = new Float64Array(row.length / vector.length);
  for (let i = 0; i < row.length; i++) out[Math.floor(i / vector.length)]! += vector[i % vector.length]! * row[i]!;
  return out;
};

/** Of each sample, at the position that has most. */
const most = (vector: readonly number[], rows: Examples["clean"]): readonly number[] =>
  rows.map((row) => amountsOf(vector, row).reduce((a, b) => Math.max(a, b)));

/** z̄ over all positions, and the mean of each channel; the threshold is one of the samples' largest. */
const usualAt = (vector: readonly number[], clean: Examples["clean"], level: number) => {
  const channels = vector.length;
  const sums = new Float64Array(channels);
  for (const row of clean) for (let i = 0; i < row.length; i++) sums[i % channels]! += row[i]!;
  const positions = clean.reduce((total, row) => total + row.length / channels, 0);
  const usual = Array.from(sums, (sum) => sum / positions);
  const threshold = quantileOf(
    [...most(vector, clean)].sort((a, b) => a - b),
    level,
  );
  return { clean: usual.reduce((sum, mean, c) => sum + vector[c]! * mean, 0), threshold, usual };
};
