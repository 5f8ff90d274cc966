/** The atlas of concepts: for each channel its reference samples, cut to what the channel sees, beside the map of the decision through that channel alone. */
import {
  type ConceptResult,
  type ConceptValue,
  depreprocess,
  type Explainer,
  type FloatTensor,
  fail,
  fromPixels,
  type Mode,
  type Plane,
  type Ranked,
  rangeOf,
  type Tensor,
} from "@backlit/core";
import { joined } from "../../../samples/feeds.ts";
import { greys } from "../../../views/greys.ts";
import { planesOf } from "../../planes.ts";
import type { JobContext } from "../../request.ts";
import type { OpenConcepts } from "../run.ts";
import { boxesOf } from "./box.ts";
import type { Atlas, AtlasAsked, AtlasChannel, AtlasTile } from "./result.ts";
import { drawTile } from "./tile.ts";

const [CHANNELS, TILES] = [24, 4];

/** Errors: those of `explain`; Aborted. */
export const atlasOf = async (
  opened: OpenConcepts,
  result: ConceptResult,
  { channels = CHANNELS }: AtlasAsked,
  context: JobContext,
): Promise<Atlas> => {
  const values: Record<string, readonly AtlasChannel[]> = {};
  for (const [name, value] of Object.entries(result.values)) {
    const shown = largest(value, channels);
    context.listener.progress(`drawing ${shown.length} channels of ${name}`);
    values[name] = await drawn(opened, result, { name, value, shown }, context);
  }
  return { share: opened.task.share ?? true, values };
};

const modesOf = ({ references }: ConceptValue) => Object.keys(references) as Mode[];

/** Channels in order of what they are ranked by first. */
const largest = (value: ConceptValue, most: number): readonly number[] => {
  const [mode] = modesOf(value);
  const never = new Set(value.never[mode!]);
  const { top } = value.references[mode!]!;
  return [...top.keys()]
    .filter((channel) => top[channel]!.length > 0 && !never.has(channel))
    .sort((a, b) => top[b]![0]!.value - top[a]![0]!.value || a - b)
    .slice(0, most);
};

interface Shown {
  readonly name: string;
  readonly value: ConceptValue;
  readonly shown: readonly number[];
}

interface Asked extends Ranked {
  readonly channel: number;
  readonly mode: Mode;
}

const drawn = async (
  opened: OpenConcepts,
  result: ConceptResult,
  { name, value, shown }: Shown,
  context: JobContext,
): Promise<readonly AtlasChannel[]> => {
  const asked = shown.flatMap((channel) =>
    modesOf(value).flatMap((mode): readonly Asked[] =>
      value.references[mode]!.top[channel]!.slice(0, TILES).map((one) => ({ ...one, channel, mode })),
    ),
  );
  const tiles: AtlasTile[] = [];
  const size = opened.data.chunk ?? 16;
  for (let from = 0; from < asked.length; from += size) {
    if (context.signal?.aborted) throw fail("Aborted", { what: "stopped" }, context.signal.reason);
    tiles.push(...(await chunk(opened, result, { name, asked: asked.slice(from, from + size) }, context)));
  }
  return shown.map((channel) => ({
    channel,
    tiles: Object.fromEntries(
      modesOf(value).map((mode) => [mode, tiles.filter((_, i) => asked[i]!.channel === channel && asked[i]!.mode === mode)]),
    ),
  }));
};

/** Rows of different samples, each with a condition of its own, in one run. */
const chunk = async (
  { lits, task, preprocessor, bundle }: OpenConcepts,
  { samples }: ConceptResult,
  { name, asked }: { readonly name: string; readonly asked: readonly Asked[] },
  { host: { pictures }, signal }: JobContext,
): Promise<readonly AtlasTile[]> => {
  const [lit] = lits as [Explainer];
  const { data, options = {}, target } = task;
  const input = lit.outline(options).plan.explained[0]!;
  const rows = await Promise.all(asked.map(async ({ sample }) => feedsOf((await data.read(sample, 1)).x, input)));
  const plain = asked.map(({ sample, value }) => {
    const label = bundle.labels?.[samples[sample]!.target.at(-1) ?? -1];
    return { sample, value, ...(label !== undefined && { label }) };
  });
  const dims = rows[0]![input]!.dims;
  if (dims.length !== 4) return plain;
  const feeds = joined(rows);
  const { relevance } = await lit.explain(feeds, {
    ...options,
    target: target ?? asked.map(({ sample }) => samples[sample]!.target),
    conditions: asked.map(({ channel }) => ({ [name]: [channel] })),
    only: true,
    ...(signal && { signal }),
  });
  const planesFor = (all: Tensor) => planesOf(lit, all as FloatTensor, options.explain).planes;
  const [planes, inputs] = [planesFor(relevance), planesFor(feeds[input]!)];
  const [, , height, width] = planes.dims as [number, number, number, number];
  const boxOf = boxesOf(lit, name, [height, width]);
  return Promise.all(
    asked.map(async ({ position }, n): Promise<AtlasTile> => {
      const plane = planeAt(planes, n);
      const range = rangeOf(plane);
      const shown = preprocessor ?? bundle.preprocessor;
      const [seen] = shown ? [fromPixels(depreprocess(rows[n]![input]!, shown))] : greys([planeAt(inputs, n)]);
      return {
        ...plain[n]!,
        ...(await drawTile({ seen: seen!, plane, range, box: boxOf(position) }, pictures)),
        ...(range.limit === 0 && { still: true as const }),
      };
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
