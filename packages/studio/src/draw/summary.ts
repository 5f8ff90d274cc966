/** A plane in a few numbers, for those who do not see it. */
import type { Plane } from "@backlit/core/render";

export interface Summary {
  /** Σ|R|. */
  readonly total: number;
  /** Shares of Σ|R| that are positive and negative. */
  readonly for: number;
  readonly against: number;
  /** Where the largest part is, in words. */
  readonly where: string;
  /** Three rows of three: Σ R there as a share of Σ|R|. */
  readonly ninths: readonly (readonly number[])[];
}

const ROWS = ["at the top", "in the middle", "at the bottom"];
const COLUMNS = ["left", "", "right"];

export const summaryOf = ({ width, height, values }: Plane): Summary => {
  const sums = [0, 1, 2].map(() => [0, 0, 0]);
  let [positive, negative] = [0, 0];
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    if (value > 0) positive += value;
    else negative -= value;
    sums[Math.floor((3 * Math.floor(i / width)) / height)]![Math.floor((3 * (i % width)) / width)]! += value;
  });
  const total = positive + negative;
  const share = (value: number): number => (total === 0 ? 0 : value / total);
  const best = sums.flat().reduce((at, value, i, all) => (value > all[at]! ? i : at), 0);
  const where = `${ROWS[Math.floor(best / 3)]} ${COLUMNS[best % 3]}`.trim().replace("in the middle left", "at the left");
  return {
    total,
    for: share(positive),
    against: share(negative),
    where: where.replace("in the middle right", "at the right"),
    ninths: sums.map((row) => row.map(share)),
  };
};
