/** Which groups are worth a look: regions that decide for a class by themselves (right for the wrong reason; Lapuschkin et al. 2019). */
import { commonRegion, type EvaluationData, type Explainer, fail, shareWithin, twoGroups } from "@backlit/core";
import type { JobContext } from "../request.ts";
import { insideRegion, type Region, swapped } from "./planting.ts";
import type { ClusteredClass, RegionCandidate } from "./result.ts";

/** Below, a region is one that samples of the class have anyway, or it does not decide. */
export const SUSPICIOUS = 0.3;
const INTO = 60;
export const FEWEST = 3;

interface Grouped {
  readonly one: ClusteredClass;
  readonly rows: readonly ArrayLike<number>[];
}

interface Maps {
  readonly data: EvaluationData;
  readonly pool: number;
  readonly size: readonly [number, number];
  readonly channel: number | undefined;
}

/** The largest score first. Regions whose relevance alone says that they stay below the threshold are left out. Errors: Unsupported for inputs that are not float32, Aborted. */
export const candidatesOf = async (
  lit: Explainer,
  groups: readonly Grouped[],
  { data, ...maps }: Maps,
  { signal, listener }: JobContext,
): Promise<readonly RegionCandidate[]> => {
  const found: RegionCandidate[] = [];
  for (const { one, rows } of groups)
    for (const cluster of one.clusters.keys()) {
      if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
      const region = commonRegion(
        rows.filter((_, i) => one.labels[i] === cluster),
        rows.filter((_, i) => one.labels[i] !== cluster),
      );
      const { cells, own, others } = region;
      const distinct = (own - others) / (own + others || 1);
      const shares = shareWithin(rows, cells);
      const middle = twoGroups(shares);
      const having = one.samples.filter((_, i) => shares[i]! > middle);
      const rest = one.samples.filter((_, i) => shares[i]! <= middle);
      if (distinct < SUSPICIOUS || having.length < FEWEST || rest.length < FEWEST) continue;
      listener.working(`class ${one.label ?? one.target.join()}, cluster ${cluster}: what its region does`);
      const evidence = await evidenceOf(lit, data, {
        ...{ having, rest, region: { cells, ...maps }, target: one.target.at(-1)! },
      });
      found.push({
        target: one.target,
        ...(one.label !== undefined && { label: one.label }),
        ...{ cluster, samples: having, others: rest, cells, share: { own, others } },
        ...evidence,
        score: distinct * wayOf(evidence.planted),
      });
    }
  return found.sort((a, b) => b.score - a.score);
};

interface Asked {
  readonly having: readonly number[];
  readonly rest: readonly number[];
  readonly region: Region;
  readonly target: number;
}

const evidenceOf = async (
  lit: Explainer,
  data: EvaluationData,
  { having, rest, region, target }: Asked,
): Promise<Pick<RegionCandidate, "planted" | "flipped">> => {
  const into = spread(strangersTo([...having, ...rest], data.count), INTO);
  const inside = insideRegion(region);
  const swap = { ...{ size: region.size, channel: region.channel, target }, part: () => inside };
  const put = (from: readonly number[]) => swapped(lit, data, { ...swap, into, from: cycled(from, into.length) });
  const [planted, control] = [await put(having), await put(rest)];
  const some = spread(having, INTO);
  const flipped = await swapped(lit, data, { ...swap, into: some, from: cycled(rest, some.length), whole: true });
  return { planted: { ...planted, control: control.after }, flipped };
};

/** Of the mean lead of other classes, how much is made up for. */
const wayOf = ({ before, after, control }: RegionCandidate["planted"]): number =>
  before.lead < 0 ? Math.max(0, after.lead - Math.max(control.lead, before.lead)) / -before.lead : 0;

/** Samples of other classes; of the class itself where there are no others. */
export const strangersTo = (own: readonly number[], count: number): readonly number[] => {
  const known = new Set(own);
  return Array.from({ length: count }, (_, n) => n).filter((n) => known.size === count || !known.has(n));
};

/** At most so many, evenly. */
export const spread = <T>(all: readonly T[], most: number): readonly T[] =>
  Array.from({ length: Math.min(most, all.length) }, (_, i) => all[Math.floor((i * all.length) / Math.min(most, all.length))]!);

export const cycled = (numbers: readonly number[], count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => numbers[(i * 7) % numbers.length]!);
