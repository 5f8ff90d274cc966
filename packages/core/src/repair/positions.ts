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

/** `examples`: a sample's activations, position by position the channels. Errors: as of `conceptDirection`. */
export const positionDirection = (
  examples: Examples,
  channels: number,
  method: DirectionMethod = "pattern",
): ConceptDirection => {
  checkExamples(examples, method);
  const vector = learntAt(examples, channels, method);
  const largest = (own: readonly number[], rows: Examples["clean"]) => rows.map((row) => mostOf(own, row));
  const separated = separatedBy(examples, { learn: (half) => learntAt(half, channels, method), along: largest }, vector);
  return { method, vector, ...usualAt(vector, examples.clean), separated };
};

/** The same of a v that is given. Errors: BadInput for no clean samples, or a v that does not fit. */
export const givenAtPositions = (
  vector: readonly number[],
  { clean, artefact }: Examples,
  channels: number,
): ConceptDirection => {
  if (clean.length === 0) throw fail("BadInput", { what: "no clean samples", fix: "give some" });
  if (vector.length !== channels || vector.every((v) => v === 0) || !vector.every(Number.isFinite))
    throw fail("BadInput", { what: `a direction of ${vector.length} numbers`, fix: `give ${channels} finite ones, not all 0` });
  const own = {
    learn: () => vector,
    along: (v: readonly number[], rows: Examples["clean"]) => rows.map((row) => mostOf(v, row)),
  };
  return {
    ...{ method: "given", vector },
    ...usualAt(vector, clean),
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

const mostOf = (vector: readonly number[], row: ArrayLike<number>): number =>
  amountsOf(vector, row).reduce((a, b) => Math.max(a, b));

/** z̄ over all positions; the threshold is one of the samples' largest. */
const usualAt = (vector: readonly number[], clean: Examples["clean"]) => {
  const all = clean.map((row) => amountsOf(vector, row));
  const mean = all.reduce((sum, own) => sum + own.reduce((a, b) => a + b, 0) / own.length, 0) / all.length;
  const largest = all.map((own) => own.reduce((a, b) => Math.max(a, b))).sort((a, b) => a - b);
  return { clean: mean, threshold: quantileOf(largest, REACTIVE) };
};
