/** k-means: Lloyd's steps to a fixed point from k-means++ starts (Arthur and Vassilvitskii 2007), the best of several. */
import { fail } from "../errors.ts";
import { randomBy, type Stream } from "../numeric/random.ts";
import { nearest, type Rows, renumbered, squaredDistance } from "./rows.ts";

export interface KMeansOptions {
  /** Starts, of which the one of least inertia is kept; default 25. */
  readonly starts?: number;
  /** Of the random numbers; default 0. */
  readonly seed?: number;
}

export interface KMeans {
  /** By row, numbered by first appearance. */
  readonly labels: readonly number[];
  readonly means: readonly Float64Array[];
  /** Σ of squared distances to the means. */
  readonly inertia: number;
}

/** Rows into `clusters` groups of least inertia. Errors: BadInput for more clusters than rows. */
export const kMeans = (rows: Rows, clusters: number, { starts = 25, seed = 0 }: KMeansOptions = {}): KMeans => {
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > rows.length)
    throw fail("BadInput", {
      what: `${clusters} clusters of ${rows.length} rows`,
      fix: "give a whole number from 1 to that of the rows",
    });
  const random = randomBy(seed);
  let best: KMeans | undefined;
  for (let start = 0; start < starts; start++) {
    const found = lloyd(rows, plusPlus(rows, clusters, random.stream(start)));
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return inOrder(best!);
};

/** Each next mean is a row, drawn by its squared distance to the nearest so far. */
const plusPlus = (rows: Rows, clusters: number, stream: Stream): Float64Array[] => {
  const means = [Float64Array.from(rows[stream.below(rows.length)]!)];
  const distances = rows.map((row) => squaredDistance(row, means[0]!));
  while (means.length < clusters) {
    const total = distances.reduce((a, b) => a + b, 0);
    const at = total > 0 ? drawn(distances, stream.next() * total) : stream.below(rows.length);
    const mean = Float64Array.from(rows[at]!);
    means.push(mean);
    for (const [i, row] of rows.entries()) distances[i] = Math.min(distances[i]!, squaredDistance(row, mean));
  }
  return means;
};

/** The first index at which the running sum is past a number. */
const drawn = (values: readonly number[], past: number): number => {
  let sum = 0;
  const at = values.findIndex((value) => {
    sum += value;
    return sum > past;
  });
  return at < 0 ? values.length - 1 : at;
};

const MOST_STEPS = 1000;

const lloyd = (rows: Rows, start: readonly Float64Array[]): KMeans => {
  let means = start;
  let labels = rows.map((row) => nearest(means, row));
  for (let step = 0; step < MOST_STEPS; step++) {
    means = meansOf(rows, labels, means);
    const next = rows.map((row) => nearest(means, row));
    if (next.every((label, i) => label === labels[i])) break;
    labels = next;
  }
  return { labels, means, inertia: rows.reduce((sum, row, i) => sum + squaredDistance(row, means[labels[i]!]!), 0) };
};

/** A cluster that lost all its rows keeps its mean. */
const meansOf = (rows: Rows, labels: readonly number[], before: readonly Float64Array[]): readonly Float64Array[] => {
  const sums = before.map((mean) => new Float64Array(mean.length));
  const counts = before.map(() => 0);
  for (const [i, row] of rows.entries()) {
    const sum = sums[labels[i]!]!;
    counts[labels[i]!]! += 1;
    for (let d = 0; d < sum.length; d++) sum[d]! += row[d]!;
  }
  return sums.map((sum, k) => (counts[k] === 0 ? before[k]! : sum.map((v) => v / counts[k]!)));
};

const inOrder = ({ labels, means, inertia }: KMeans): KMeans => {
  const ordered = renumbered(labels);
  const moved = [...means];
  for (const [i, label] of labels.entries()) moved[ordered[i]!] = means[label]!;
  return { labels: ordered, means: moved.slice(0, new Set(ordered).size), inertia };
};
