/** Parts of a chart of series: a channel's course, its strip of relevance, bars of sums. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Mark } from "../figure/figure.ts";
import { stepOf } from "../figure/tones.ts";
import type { Bucket } from "../series.ts";
import { signedNumber } from "../signed.ts";
import type { Point } from "./point.ts";
import { axisNumber, ticks } from "./svg.ts";

/** Where a series lies from left to right, and where its colours end. */
export interface Across {
  /** px */
  readonly left: number;
  readonly right: number;
  /** Steps. */
  readonly length: number;
  readonly limit: number;
}

/** px: top and height. */
type Down = readonly [top: number, height: number];

/** The middle of a step. */
export const placeOf = ({ left, right, length }: Across, position: number): number =>
  left + ((position + 0.5) / Math.max(1, length)) * (right - left);

/** What the model saw: a thin line, thick and coloured where relevance lies, the strongest on top. */
export const curveMarks = (buckets: readonly Bucket[], across: Across, [top, height]: Down): readonly Mark[] => {
  const values = buckets.flatMap(({ points }) => points.map(([, value]) => value));
  const [least, most] = [minOf(values), maxOf(values)];
  const y = (value: number) => top + height - 6 - (most === least ? 0.5 : (value - least) / (most - least)) * (height - 12);
  // Where a column is several steps, parts of a px say nothing.
  const dense = across.length > buckets.length;
  const point = ([position, value]: readonly [number, number]): Point => {
    const at = [placeOf(across, position), y(value)] as const;
    return dense ? [Math.round(at[0]), Math.round(at[1])] : at;
  };
  return [
    ...ticks(least, most, 3).map(
      (tick): Mark => ({
        kind: "text",
        text: axisNumber(tick),
        x: across.left - 8,
        y: y(tick) + 5,
        anchor: "end",
        tone: "muted",
      }),
    ),
    { kind: "line", points: buckets.flatMap(({ points }) => points.map(point)), tone: "line", width: 1.2 },
    ...coloured(buckets, across.limit, point),
  ];
};

/** Neighbouring buckets of one colour are one line, which reaches to the next bucket's first point. */
const coloured = (
  buckets: readonly Bucket[],
  limit: number,
  point: (point: readonly [number, number]) => Point,
): readonly Mark[] => {
  const lines = runsOf(buckets, limit).flatMap(({ step, from, to }): readonly Stepped[] => {
    if (step === 0) return [];
    const own = buckets.slice(from, to).flatMap(({ points }) => points);
    const next = buckets[to]?.points[0];
    const before = from > 0 && own.length === 1 && !next ? buckets[from - 1]!.points.at(-1) : undefined;
    const points = [...(before ? [before] : []), ...own, ...(next ? [next] : [])].map(point);
    return [{ step, mark: { kind: "line", points, tone: { value: buckets[from]!.relevance, limit }, width: 2.6 } }];
  });
  return byStep(lines);
};

/** Relevance alone. */
export const stripMarks = (buckets: readonly Bucket[], across: Across, [top, height]: Down): readonly Mark[] =>
  byStep(
    runsOf(buckets, across.limit).map(({ step, from, to }): Stepped => {
      const [x, end] = edges(across, buckets[from]!, buckets[to - 1]!);
      const tone = { value: buckets[from]!.relevance, limit: across.limit };
      return { step, mark: { kind: "rect", x, y: top, width: end - x, height, tone } };
    }),
  );

/** Bars up for and down against, on an axis of their own: sums of channels may be far larger than any channel. */
export const sumMarks = (buckets: readonly Bucket[], across: Across, [top, height]: Down): readonly Mark[] => {
  const sums = buckets.map(({ relevance }) => relevance);
  const [low, high] = [minOf(sums, 0), maxOf(sums, 0)];
  const y = (value: number) => top + (high === low ? 0.5 : (high - value) / (high - low)) * height;
  // The end that hardly leaves zero has no number: it would stand on the axis.
  const numbers = [low, high].filter((value) => Math.abs(value) > (high - low) / 8);
  return [
    ...numbers.map(
      (value): Mark => ({
        kind: "text",
        text: signedNumber(Number(value.toPrecision(2))),
        x: across.left - 8,
        y: y(value) + 5,
        anchor: "end",
        tone: "muted",
      }),
    ),
    ...byStep(
      buckets.map((bucket): Stepped => {
        const { relevance } = bucket;
        const [x, end] = edges(across, bucket, bucket);
        const [from, to] = [Math.min(y(0), y(relevance)), Math.max(y(0), y(relevance))];
        const tone = { value: relevance, limit: across.limit };
        return {
          step: stepOf(relevance, across.limit),
          mark: { kind: "rect", x, y: from, width: end - x, height: to - from, tone },
        };
      }),
    ),
    {
      kind: "line",
      points: [
        [across.left, y(0)],
        [across.right, y(0)],
      ],
      tone: "line",
    },
  ];
};

const edges = (across: Across, first: Bucket, last: Bucket): readonly [number, number] => {
  const half = (across.right - across.left) / Math.max(1, across.length) / 2;
  return [placeOf(across, first.start) - half, placeOf(across, last.end - 1) + half];
};

interface Stepped {
  /** Of colour. */
  readonly step: number;
  readonly mark: Mark;
}

/** The pale ones first: what is of one colour is drawn together. */
const byStep = (marks: readonly Stepped[]): readonly Mark[] =>
  [...marks].sort((a, b) => Math.abs(a.step) - Math.abs(b.step) || a.step - b.step).map(({ mark }) => mark);

interface Run {
  /** Of colour. */
  readonly step: number;
  /** Buckets [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Neighbouring buckets of one colour. */
const runsOf = (buckets: readonly Bucket[], limit: number): readonly Run[] => {
  const steps = buckets.map(({ relevance }) => stepOf(relevance, limit));
  const starts = steps.flatMap((step, i) => (i === 0 || steps[i - 1] !== step ? [i] : []));
  return starts.map((from, k) => ({ step: steps[from]!, from, to: starts[k + 1] ?? buckets.length }));
};
