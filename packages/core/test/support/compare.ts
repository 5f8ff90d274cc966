/** How far two lists of numbers are apart. */
import { expect } from "vitest";

export const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const v of values) total += v;
  return total;
};
export const absSum = (values: readonly number[]): number => sum(values.map(Math.abs));
export const norm = (values: readonly number[]): number => Math.sqrt(sum(values.map((v) => v * v)));

/** ‖a − b‖ / ‖b‖; a list of zeros is met by zeros only. */
export const relativeError = (got: readonly number[], want: readonly number[]): number => {
  if (got.length !== want.length) return Number.POSITIVE_INFINITY;
  const difference = norm(got.map((v, i) => v - want[i]!));
  const size = norm(want);
  return size === 0 ? difference : difference / size;
};

/** Fails unless the relative L2 error is within the tolerance; NaN fails. */
export const expectClose = (got: readonly number[], want: readonly number[], tolerance = 1e-5, what = ""): void => {
  const error = relativeError(got, want);
  if (!(error <= tolerance))
    expect.fail(
      `${what} relative error ${error} above ${tolerance}\n  got ${got.slice(0, 12).join(", ")}\n want ${want.slice(0, 12).join(", ")}`,
    );
};
