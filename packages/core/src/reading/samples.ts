/**
 * Whether the rows of a batch are samples of their own, and along which axes of which values they lie. An axis is the batch only where
 * it is that of every explained value, and reaches the output unmixed: nodes of a graph, members of a bag, the texts and pictures of
 * two towers are one sample.
 */
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import { batchAxisOf } from "./batch-axis.ts";
import type { ReadingOptions } from "./options.ts";
import { holding, originsOf } from "./tracks/mix.ts";
import { type Axis, large, type Track } from "./tracks/track.ts";
import type { Tracks } from "./tracks/walk.ts";

export interface SamplesAsked {
  readonly explained: readonly string[];
  /** The graph's output, and the value scores are read from. */
  readonly output: string;
  readonly start: string;
}

export interface SamplesReading {
  /** False: everything given is one sample. */
  readonly independent: boolean;
  /** What a user must know: that what looks like samples is not. */
  readonly notice?: string;
  /** The axis of the start value that counts samples; undefined: it belongs to one sample. */
  readonly batchAxis: number | undefined;
  /** Likewise of any value. */
  of(value: string): number | undefined;
  /** The axis of a value that counts samples and, within each, what is folded in behind them, as heads are. */
  folded?(value: string): number | undefined;
  /** Its first axis counts other things, as the texts beside pictures: whatever it is as long as, it goes with all samples. */
  whole(value: string): boolean;
  readonly why: string;
  /** The graph alone does not tell. */
  readonly unsure?: true;
}

/** The note of a reading whose rows are parts of one sample. */
export const ONE_SAMPLE = "rows depend on each other: one sample";

interface Known {
  readonly graph: Graph;
  readonly facts: Facts;
  readonly tracks: Tracks;
  readonly options: ReadingOptions;
  /** What a run told of rows the graph does not tell of, by output. */
  readonly tried?: ReadonlyMap<string, boolean>;
}

export const samplesOf = (known: Known, asked: SamplesAsked): SamplesReading => {
  const { tracks, options, facts } = known;
  const one = (why: string, mixes = true): SamplesReading => {
    // An axis of size 1 in front is none of classes.
    const shape = facts.shape(asked.start) ?? [];
    const batchAxis = shape.length > 1 && shape[0] === 1 ? 0 : undefined;
    const of = (value: string) => (value === asked.start ? batchAxis : undefined);
    return { independent: false, batchAxis, of, whole: () => true, why, ...(mixes && { notice: `${ONE_SAMPLE} (${why})` }) };
  };
  if (options.batchAxis === "none") return one("said with --batch-axis none");
  const [first] = asked.explained;
  const start = tracks.of(asked.start);
  if (first === undefined || start === undefined) return bySize(known, asked);
  let unsure = false;
  for (const root of candidates(known, first)) {
    const axis = axisOf(tracks, root);
    const of = (value: string) => axis(tracks.of(value));
    if (asked.explained.some((name) => typeof of(name) !== "number")) continue;
    const at = axis(start);
    if (typeof at === "number") {
      const counted = reaches(tracks, start);
      const whole = (value: string) => of(value) === "gone" && counted(value);
      const folded = (value: string) => foldedAxis(tracks, root, value);
      return { independent: true, batchAxis: at, of: numbered(of), folded, whole, why: "the graph keeps rows apart" };
    }
    unsure ||= at === "unsure";
    if (singles(known, asked.explained, root)) return single(known, asked, numbered(of));
  }
  if (unsure && known.tried?.get(asked.output) === false)
    return one("guessed: in a run a row of the output moved with another row of the input");
  if (unsure) return bySize(known, asked);
  const mixes = candidates(known, first).length > 0 || rowsLike(known, first);
  return one(mixes ? "no axis of the output keeps its rows apart" : `'${first}' has no axis of samples`, mixes);
};

/** What the first axis of a value counts is known in the output, along another axis or summed. */
const reaches = ({ of, origins }: Tracks, { axes, mixed }: Track): ((value: string) => boolean) => {
  const there = [...axes.flat().map(({ origin }) => origin), ...originsOf(mixed)];
  const known = new Set(there.map((origin) => origins.find(origin)));
  return (value) => {
    const part = of(value)?.axes[0]?.[0];
    return part !== undefined && known.has(origins.find(part.origin));
  };
};

/** A first axis that counts things of one sample, as nodes do. */
const rowsLike = ({ tracks }: Known, value: string): boolean => {
  const part = tracks.of(value)?.axes[0]?.[0];
  return part !== undefined && tracks.origins.told(part.origin)?.role === "node";
};

const numbered =
  (of: (value: string) => number | "gone" | "mixed" | "unsure") =>
  (value: string): number | undefined => {
    const axis = of(value);
    return typeof axis === "number" ? axis : undefined;
  };

/** Axes that may count samples: those the model marks as a batch, and the first one unless the model says otherwise of it. */
const candidates = ({ tracks }: Known, value: string): readonly number[] => {
  const { origins } = tracks;
  const single = (tracks.of(value)?.axes ?? []).map((axis) => {
    const [only, ...others] = large(axis);
    return only?.exact && others.length === 0 ? origins.find(only.origin) : -1;
  });
  const told = single.filter((root) => root >= 0 && origins.told(root)?.role === "batch");
  const [first = -1] = single;
  const open = first >= 0 && (origins.told(first)?.weight ?? 0) < 50 && single.length > 1 ? [first] : [];
  return [...new Set([...told, ...open])];
};

/** The one axis that is these rows, one by one. */
const axisOf = ({ origins }: Tracks, root: number): ((track: Track | undefined) => number | "gone" | "mixed" | "unsure") => {
  const has = (axis: Axis) => axis.some(({ origin }) => origins.find(origin) === root);
  const among = holding(origins, root);
  return (track) => {
    if (track === undefined) return "gone";
    if (among(track.mixed)) return "mixed";
    if (among(track.unsure)) return "unsure";
    const axes = track.axes.flatMap((axis, i) => (has(axis) ? [i] : []));
    const [at] = axes;
    if (at === undefined) return "gone";
    const own = track.axes[at]!.filter(({ size, origin }) => size > 1 || origins.find(origin) === root);
    return axes.length === 1 && own.length === 1 && own[0]!.exact ? at : "mixed";
  };
};

/** The one axis whose outer part is these rows. */
const foldedAxis = ({ of, origins }: Tracks, root: number, value: string): number | undefined => {
  const { axes = [], mixed, unsure } = of(value) ?? {};
  const among = holding(origins, root);
  if ((mixed && among(mixed)) || (unsure && among(unsure))) return undefined;
  const isRoot = ({ origin }: Axis[number]) => origins.find(origin) === root;
  const found = axes.flatMap((axis, i) => (axis.some(isRoot) ? [i] : []));
  const own = (axes[found[0]!] ?? []).filter((part) => part.size > 1 || isRoot(part));
  return found.length === 1 && own.length > 1 && own[0]!.exact && isRoot(own[0]!) ? found[0] : undefined;
};

/** A batch that is always one row may be lost from sight: there is nothing it could be mixed with. */
const singles = ({ facts, tracks }: Known, explained: readonly string[], root: number): boolean =>
  explained.every((name) => {
    const axis = axisOf(tracks, root)(tracks.of(name));
    return typeof axis === "number" && facts.shape(name)?.[axis] === 1;
  });

const single = ({ facts }: Known, { start }: SamplesAsked, of: (value: string) => number | undefined): SamplesReading => {
  const batchAxis = facts.shape(start)?.[0] === 1 ? 0 : undefined;
  return {
    independent: true,
    batchAxis,
    of: (value) => (value === start ? batchAxis : of(value)),
    whole: () => false,
    why: "its batch is always one row",
  };
};

const bySize = (known: Known, { explained, output, start }: SamplesAsked): SamplesReading => {
  const { graph, facts } = known;
  const tried = known.tried?.has(output) ?? false;
  const batchAxis = batchAxisOf(graph, facts, output, start);
  const of = (value: string) =>
    value === start ? batchAxis : batchAxis === undefined && !explained.includes(value) ? undefined : 0;
  const why =
    batchAxis === undefined
      ? "no axis of the output has the size of the batch"
      : tried
        ? "by name and size; guessed: a run kept rows apart"
        : "by name and size";
  return { independent: batchAxis !== undefined, batchAxis, of, why, whole: () => false, unsure: true };
};
