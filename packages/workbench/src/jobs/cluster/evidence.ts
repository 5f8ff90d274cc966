/** What speaks against a region, in words. */
import { percent } from "../../report/numbers.ts";
import type { ClusterCandidate, RegionCandidate, WindowCandidate } from "./result.ts";

/** A candidate's name beside its class. */
export const partOf = (one: ClusterCandidate): string => ("windows" in one ? "anywhere" : `cluster ${one.cluster}`);

/** `size`: of the maps before pooling. */
export const evidenceOf = (one: ClusterCandidate, pool: number, size: readonly [number, number]): readonly string[] => {
  const { planted, flipped } = one;
  const { before, after, control } = planted;
  return [
    "windows" in one ? windowsIn(one) : regionIn(one, pool, size),
    `put into samples of other classes: ${percent(after.wins)} become this class (${percent(control.wins)} with that of its other samples), lead ${before.lead.toFixed(1)} → ${after.lead.toFixed(1)} (${control.lead.toFixed(1)})`,
    `taken out of its own: lead ${flipped.before.lead.toFixed(1)} → ${flipped.after.lead.toFixed(1)}`,
  ];
};

const windowsIn = ({ side, way }: WindowCandidate): string =>
  `a window of ${side} × ${side}, at another place in each sample: goes ${percent(way.own)} of the way from another class, ${percent(way.others)} in the class's other samples`;

const regionIn = ({ cells, share }: RegionCandidate, pool: number, [height, width]: readonly [number, number]): string => {
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
  return `rows ${rows}, columns ${along}: ${percent(share.own)} of the relevance, ${percent(share.others)} in the class's other samples`;
};
