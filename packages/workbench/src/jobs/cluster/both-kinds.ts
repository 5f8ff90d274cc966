/** Candidates at one place and candidates anywhere: what is one artefact is told once. */
import type { ClusterCandidate, RegionCandidate, WindowCandidate } from "./result.ts";

const [MOST, HALF] = [0.8, 0.5];

/** A region that has nearly all samples of a class's windows says more: where. Regions with some of them are its pieces. The largest score first. */
export const bothKinds = (
  regions: readonly RegionCandidate[],
  windows: readonly WindowCandidate[],
): readonly ClusterCandidate[] => {
  const shared = (region: RegionCandidate, { samples, target }: WindowCandidate): number =>
    region.target.join() === target.join() ? region.samples.filter((n) => samples.includes(n)).length : 0;
  const placed = (one: WindowCandidate) =>
    regions.some((region) => region.score >= one.score * HALF && shared(region, one) >= MOST * one.samples.length);
  const told = windows.filter((one) => !placed(one));
  const pieces = (region: RegionCandidate) => told.some((one) => shared(region, one) >= HALF * region.samples.length);
  return [...regions.filter((region) => !pieces(region)), ...told].sort((a, b) => b.score - a.score);
};
