/** Samples ranked by a number, the k first kept: streaming, and the same in whatever parts and order they come. */

/** Plain data: a sample's number in its data, the statistic, and the position of the largest entry. */
export interface Ranked {
  readonly sample: number;
  readonly value: number;
  readonly position: number;
}

/** `top`: largest first; `bottom`: smallest first. */
export type End = "top" | "bottom";

/** Whether a comes before b; of equal values the sample with the lower number. */
const before = (a: Ranked, b: Ranked, end: End): boolean =>
  a.value === b.value ? a.sample < b.sample : end === "top" ? a.value > b.value : a.value < b.value;

/** Puts an entry in its place in a list of at most k. */
export const rank = (list: Ranked[], entry: Ranked, end: End, k: number): void => {
  if (list.length >= k && !before(entry, list[k - 1]!, end)) return;
  let at = list.length;
  while (at > 0 && before(entry, list[at - 1]!, end)) at--;
  list.splice(at, 0, entry);
  if (list.length > k) list.pop();
};

/** The k first of two lists, each of which is ranked. */
export const mergeRanked = (a: readonly Ranked[], b: readonly Ranked[], end: End, k: number): Ranked[] => {
  const merged = a.slice(0, k);
  for (const entry of b) rank(merged, entry, end, k);
  return merged;
};
