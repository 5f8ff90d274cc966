/** Samples for a page: what the model saw of each, and its map over it. */
import { depreprocess, type ExplainOptions, type FloatTensor, fromPixels, type Plane, rangeOf, type Tensor } from "@backlit/core";
import { joined } from "../../samples/feeds.ts";
import { greys } from "../../views/greys.ts";
import type { JudgingSession } from "../evaluate/session.ts";
import { planesOf } from "../planes.ts";
import type { JobContext } from "../request.ts";
import type { Box } from "./box.ts";
import { drawTile } from "./tile.ts";

export interface Tile {
  /** Data URIs. */
  readonly picture: string;
  readonly map: string;
  /** The map is zero everywhere. */
  readonly still: boolean;
}

export interface TilesAsked {
  /** Numbers in the data; one may come several times. */
  readonly samples: readonly number[];
  readonly options: ExplainOptions;
  /** By place in `samples`: what is cut out; default: nothing. */
  readonly cut?: (size: readonly [number, number]) => (at: number) => Box | undefined;
}

/** All in one run; undefined for inputs that are no pictures. Errors: those of `explain`. */
export const tilesOf = async (
  { lits, data, preprocessor, bundle }: JudgingSession,
  { samples, options, cut }: TilesAsked,
  { host: { pictures } }: JobContext,
): Promise<readonly Tile[] | undefined> => {
  const lit = lits[0]!;
  const { explain } = options;
  const input = lit.outline(explain === undefined ? {} : { explain }).plan.explained[0]!;
  const rows = await Promise.all(samples.map(async (sample) => feedsOf((await data.read(sample, 1)).x, input)));
  if (rows[0]?.[input]?.dims.length !== 4) return undefined;
  const feeds = joined(rows);
  const planesFor = (all: Tensor) => planesOf(lit, all as FloatTensor, explain).planes;
  const [planes, inputs] = [planesFor((await lit.explain(feeds, options)).relevance), planesFor(feeds[input]!)];
  const [, , height, width] = planes.dims as [number, number, number, number];
  const boxOf = cut?.([height, width]);
  const shown = preprocessor ?? bundle.preprocessor;
  return Promise.all(
    samples.map(async (_, n): Promise<Tile> => {
      const plane = planeAt(planes, n);
      const range = rangeOf(plane);
      const [seen] = shown ? [fromPixels(depreprocess(rows[n]![input]!, shown))] : greys([planeAt(inputs, n)]);
      const drawn = await drawTile({ seen: seen!, plane, range, box: boxOf?.(n) }, pictures);
      return { ...drawn, still: range.limit === 0 };
    }),
  );
};

/** Of samples × 1 × height × width. */
const planeAt = ({ dims, data }: FloatTensor, row: number): Plane => {
  const [, , height, width] = dims as [number, number, number, number];
  return { width, height, values: data.slice(row * width * height, (row + 1) * width * height) };
};

const feedsOf = (x: Tensor | Readonly<Record<string, Tensor>>, input: string): Readonly<Record<string, Tensor>> =>
  Array.isArray(x.dims) ? { [input]: x as Tensor } : (x as Readonly<Record<string, Tensor>>);
