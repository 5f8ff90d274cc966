/** How many rows run together: enough to fill the cores, few enough for memory. */
import { type Explainer, maxOf, type Plan, type Tensor } from "@backlit/core";

/**
 * Of the largest value, over all rows. An explanation keeps the values of its forward pass, so that a net takes some ten times this. Measured on
 * two cores, LRP, milliseconds a row with 1, 4, 8 and 16 rows: ResNet-18 57, 53, 56, 58; a small ViT 4.8, 3.2, 4.3, 3.3; ShuffleNet 12.1, 10.3,
 * 10.2, 10.7; a net for digits .5, .2, .1, .1: what is small gains by many rows, what is large does not.
 */
const BUDGET = 32 * 2 ** 20;
const MOST = 64;
/** Of trees, whose background is gone through once for all of them; they are cut again where a row takes much room. */
const TREES = 512;

export interface Together {
  readonly rows: number;
  /** Bytes of the largest value of one row. */
  readonly largest: number;
}

/** `row`: the feeds of one row, for sizes that are free. A power of two. */
export const togetherOf = (
  { facts }: Pick<Explainer, "facts">,
  { trees }: Pick<Plan, "trees">,
  row: Readonly<Record<string, Pick<Tensor, "dims">>>,
): Together => {
  const sizes = Object.entries(row).flatMap(([name, { dims }]) => free(facts.shapes.get(name), dims));
  const longest = maxOf([1, ...sizes]);
  const largest =
    4 * maxOf([1, ...[...facts.shapes.values()].filter((shape) => shape.includes(null)).map((shape) => numbers(shape, longest))]);
  if (trees !== undefined) return { rows: TREES, largest };
  return { rows: 2 ** Math.floor(Math.log2(Math.min(MOST, Math.max(1, BUDGET / largest)))), largest };
};

/** Sizes of the row where the model leaves them free, the batch aside. */
const free = (shape: readonly (number | null)[] | undefined, dims: readonly number[]): readonly number[] =>
  dims.slice(1).filter((_, axis) => (shape?.[axis + 1] ?? null) === null);

/** Of one row: the first free size is the batch, further ones are taken for the longest there is. */
const numbers = (shape: readonly (number | null)[], longest: number): number => {
  const batch = shape.indexOf(null);
  return shape.reduce<number>((product, size, axis) => (axis === batch ? product : product * (size ?? longest)), 1);
};
