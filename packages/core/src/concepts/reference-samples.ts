/** For each channel of a value: the samples it is most, and least, relevant or active for, over all and class by class. */
import { type End, mergeRanked, type Ranked, rank } from "./ranking.ts";
import type { Scored } from "./statistic.ts";

/** By channel. */
export type Rankings = readonly (readonly Ranked[])[];

/** Plain data; of any part of the samples. */
export interface ReferenceSamples {
  readonly top: Rankings;
  readonly bottom: Rankings;
  /** The same of the samples explained for each class, largest first. */
  readonly byClass: Readonly<Record<string, Rankings>>;
  /** Channels with a number other than 0 for some sample. */
  readonly ever: readonly boolean[];
}

export interface RankOptions {
  /** Entries kept of each list. */
  readonly k: number;
  /** The same of each class; 0: none. */
  readonly perClass: number;
}

interface RankedPart {
  readonly scored: Scored;
  /** Numbers of the samples in their data, and what each is explained for. */
  readonly samples: readonly number[];
  readonly classes: readonly string[];
}

export const referenceSamples = ({ scored, samples, classes }: RankedPart, { k, perClass }: RankOptions): ReferenceSamples => {
  const { channels, values, positions } = scored;
  const empty = (): Ranked[][] => Array.from({ length: channels }, () => []);
  const [top, bottom] = [empty(), empty()];
  const byClass: Record<string, Ranked[][]> = {};
  const ever = Array.from({ length: channels }, () => false);
  for (const [n, sample] of samples.entries())
    for (let c = 0; c < channels; c++) {
      const at = n * channels + c;
      const entry = { sample, value: values[at]!, position: positions[at]! };
      rank(top[c]!, entry, "top", k);
      rank(bottom[c]!, entry, "bottom", k);
      if (perClass > 0) {
        byClass[classes[n]!] ??= empty();
        rank(byClass[classes[n]!]![c]!, entry, "top", perClass);
      }
      ever[c] ||= entry.value !== 0;
    }
  return { top, bottom, byClass, ever };
};

/** Of two parts of the samples: the same as of both at once, in either order. */
export const mergeReferences = (a: ReferenceSamples, b: ReferenceSamples, { k, perClass }: RankOptions): ReferenceSamples => {
  const merged = (left: Rankings | undefined, right: Rankings | undefined, end: End, most: number): Rankings =>
    (left ?? right!).map((list, c) => (left && right ? mergeRanked(list, right[c]!, end, most) : list));
  const classes = [...new Set([...Object.keys(a.byClass), ...Object.keys(b.byClass)])];
  return {
    top: merged(a.top, b.top, "top", k),
    bottom: merged(a.bottom, b.bottom, "bottom", k),
    byClass: Object.fromEntries(classes.map((name) => [name, merged(a.byClass[name], b.byClass[name], "top", perClass)])),
    ever: a.ever.map((one, c) => one || b.ever[c]!),
  };
};
