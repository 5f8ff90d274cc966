/** What speaks against a region, in words. */
import { percent } from "../../report/numbers.ts";
import type { ClusterCandidate } from "./result.ts";

/** `size`: of the maps before pooling. */
export const evidenceOf = (
  { cells, share, planted, flipped }: ClusterCandidate,
  pool: number,
  [height, width]: readonly [number, number],
): readonly string[] => {
  const columns = Math.ceil(width / pool);
  const span = (at: readonly number[], most: number): string => {
    const [first, last] = [at.reduce((a, b) => Math.min(a, b)), at.reduce((a, b) => Math.max(a, b))];
    return `${first * pool}–${Math.min(most, (last + 1) * pool) - 1}`;
  };
  const rows = span(
    cells.map((cell) => Math.floor(cell / columns)),
    height,
  );
  const along = span(
    cells.map((cell) => cell % columns),
    width,
  );
  const { before, after, control } = planted;
  return [
    `rows ${rows}, columns ${along}: ${percent(share.own)} of the relevance, ${percent(share.others)} in the class's other samples`,
    `put into samples of other classes: ${percent(after.wins)} become this class (${percent(control.wins)} with the region of its other samples), lead ${before.lead.toFixed(1)} → ${after.lead.toFixed(1)} (${control.lead.toFixed(1)})`,
    `taken out of its own: lead ${flipped.before.lead.toFixed(1)} → ${flipped.after.lead.toFixed(1)}`,
  ];
};
