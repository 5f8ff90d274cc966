/** Which groups are worth a look: regions that decide for a class by themselves (right for the wrong reason; Lapuschkin et al. 2019). */
import { commonRegion, type EvaluationData, type Explainer, fail, shareWithin, twoGroups } from "@backlit/core";
import type { JobContext } from "../request.ts";
import { type Region, swapped } from "./planting.ts";
import type { ClusterCandidate, ClusteredClass } from "./result.ts";

/** Below, a region is one that samples of the class have anyway, or it does not decide. */
export const SUSPICIOUS = 0.3;
const INTO = 60;
const FEWEST = 3;

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
): Promise<readonly ClusterCandidate[]> => {
  const found: ClusterCandidate[] = [];
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
): Promise<Pick<ClusterCandidate, "planted" | "flipped">> => {
  const own = new Set([...having, ...rest]);
  const strangers = Array.from({ length: data.count }, (_, n) => n).filter((n) => own.size === data.count || !own.has(n));
  const into = spread(strangers, INTO);
  const put = (from: readonly number[]) => swapped(lit, data, { into, from: cycled(from, into.length), region, target });
  const [planted, control] = [await put(having), await put(rest)];
  const some = spread(having, INTO);
  const flipped = await swapped(lit, data, { into: some, from: cycled(rest, some.length), region, target, whole: true });
  return { planted: { ...planted, control: control.after }, flipped };
};

/** Of the mean lead of other classes, how much is made up for. */
const wayOf = ({ before, after, control }: ClusterCandidate["planted"]): number =>
  before.lead < 0 ? Math.max(0, after.lead - Math.max(control.lead, before.lead)) / -before.lead : 0;

/** At most so many, evenly. */
const spread = (numbers: readonly number[], most: number): readonly number[] =>
  Array.from(
    { length: Math.min(most, numbers.length) },
    (_, i) => numbers[Math.floor((i * numbers.length) / Math.min(most, numbers.length))]!,
  );

const cycled = (numbers: readonly number[], count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => numbers[(i * 7) % numbers.length]!);
