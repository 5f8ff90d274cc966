/** Parts that decide for a class wherever they are: the windows with most relevance of each sample, put into pictures of other classes. */
import { type Corner, type EvaluationData, type Explainer, fail, twoGroups } from "@backlit/core";
import type { JobContext } from "../request.ts";
import { cycled, FEWEST, spread, strangersTo } from "./candidates.ts";
import { type Inputs, insideWindow, type Layout, leads, maskOf, samplesOf, standing, swapped, withPart } from "./planting.ts";
import type { ClusteredClass, Standing, WindowCandidate } from "./result.ts";

/** Pictures that a window is put into: to see whether a class is worth it, of so many of its samples; and then, of all. */
const FIRST = { pictures: 8, samples: 60 };
const PICTURES = 32;
const HALF = 0.5;

export interface Windowed extends Layout {
  readonly data: EvaluationData;
  readonly side: number;
  /** By sample of the data. */
  readonly windows: ReadonlyMap<number, readonly Corner[]>;
}

/**
 * At most one a class: samples in two groups by the share of pictures that one of their windows makes the class. None where fewer than three samples
 * have a window that does so with half of them. Errors: Unsupported for inputs that are not float32, Aborted.
 */
export const windowCandidates = async (
  lit: Explainer,
  classes: readonly ClusteredClass[],
  maps: Windowed,
  { signal, listener }: JobContext,
): Promise<readonly WindowCandidate[]> => {
  const found: WindowCandidate[] = [];
  for (const one of classes) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    listener.working(`class ${one.label ?? one.target.join()}: what its windows do elsewhere`);
    const candidate = await candidateOf(lit, one, maps);
    if (candidate) found.push(candidate);
  }
  return found;
};

/** What the best window of a sample does. */
interface Effect {
  readonly sample: number;
  readonly corner: Corner;
  /** In each of the pictures. */
  readonly leads: readonly number[];
  readonly wins: number;
}

interface Pictures {
  readonly rows: readonly Inputs[];
  /** As they are. */
  readonly before: Standing;
}

const candidateOf = async (lit: Explainer, one: ClusteredClass, maps: Windowed): Promise<WindowCandidate | undefined> => {
  const target = one.target.at(-1)!;
  const pictures = await lostPictures(lit, maps, one);
  const effects = (samples: readonly number[], into: readonly Inputs[]) => effectsOf(lit, maps, { samples, into, target });
  const few = await effects(spread(one.samples, FIRST.samples), spread(pictures.rows, FIRST.pictures));
  if (few.filter(({ wins }) => wins >= HALF).length < FEWEST) return undefined;
  const all = await effects(one.samples, pictures.rows);
  const middle = twoGroups(all.map(({ wins }) => wins));
  const [having, rest] = [all.filter(({ wins }) => wins > middle), all.filter(({ wins }) => wins <= middle)];
  if (having.length < FEWEST || rest.length < FEWEST) return undefined;
  const after = (group: readonly Effect[]) => standing(group.flatMap(({ leads: own }) => own));
  const [own, others] = [wayOf(having, pictures.before), wayOf(rest, pictures.before)];
  const numbers = (group: readonly Effect[]) => group.map(({ sample }) => sample);
  const some = spread(having, PICTURES);
  return {
    target: one.target,
    ...(one.label !== undefined && { label: one.label }),
    ...{ samples: numbers(having), others: numbers(rest) },
    ...{ side: maps.side, windows: having.map(({ corner }) => corner), way: { own, others } },
    planted: { before: pictures.before, after: after(having), control: after(rest) },
    flipped: await swapped(lit, maps.data, {
      ...{ size: maps.size, channel: maps.channel, target, whole: true },
      ...{ into: numbers(some), from: cycled(numbers(rest), some.length) },
      part: (at) => insideWindow(some[at]!.corner, maps.side),
    }),
    score: own > others ? (own - others) ** 2 / (own + others) : 0,
  };
};

/** Pictures of other classes, for which another one wins. */
const lostPictures = async (lit: Explainer, { data }: Windowed, { samples, target }: ClusteredClass): Promise<Pictures> => {
  const { rows } = await samplesOf(lit, data, spread(strangersTo(samples, data.count), PICTURES));
  const all = await leads(lit, rows, { target: target.at(-1)!, size: data.chunk ?? 16 });
  const lost = rows.flatMap((row, n) => (all[n]! < 0 ? [{ row, lead: all[n]! }] : []));
  return { rows: lost.map(({ row }) => row), before: standing(lost.map(({ lead }) => lead)) };
};

interface Asked {
  readonly samples: readonly number[];
  readonly into: readonly Inputs[];
  readonly target: number;
}

/** Of samples that have windows. */
const effectsOf = async (lit: Explainer, maps: Windowed, { samples, into, target }: Asked): Promise<readonly Effect[]> => {
  const found: Effect[] = [];
  if (into.length === 0) return found;
  for (const sample of samples) {
    const { rows, name } = await samplesOf(lit, maps.data, [sample]);
    const [own] = rows as [Inputs];
    const corners = maps.windows.get(sample) ?? [];
    const put = corners.flatMap((corner) => {
      const mask = maskOf(insideWindow(corner, maps.side), maps, own[name]!.dims);
      return into.map((row) => withPart(row, own, name, mask));
    });
    const all = await leads(lit, put, { target, size: maps.data.chunk ?? 16 });
    const tried = corners.map((corner, k): Effect => {
      const now = all.slice(k * into.length, (k + 1) * into.length);
      return { sample, corner, leads: now, wins: standing(now).wins };
    });
    if (tried.length > 0) found.push(tried.reduce((best, one) => (one.wins > best.wins ? one : best)));
  }
  return found;
};

/** Of the mean lead of other classes, how much is made up for; the mean over samples, none of which counts less than 0. */
const wayOf = (group: readonly Effect[], { lead }: Standing): number =>
  group.reduce((sum, { leads: own }) => sum + Math.max(0, (standing(own).lead - lead) / -lead), 0) / group.length;
