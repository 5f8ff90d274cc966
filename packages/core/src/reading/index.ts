/**
 * The reading: what a model's axes mean, and which of its rows are samples. One object, read once before planning; each line of it has
 * its reason, and each can be overridden.
 */
import type { Facts, TraceFacts } from "../graph/facts.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { type AxesReading, axesOf } from "./axes.ts";
import { type Feature, featuresOf } from "./features.ts";
import type { ReadingOptions } from "./options.ts";
import { type SamplesAsked, type SamplesReading, samplesOf } from "./samples.ts";

export interface Reading {
  readonly axes: AxesReading;
  /** What a person or the file's own operators say of its outputs; `readOutput` takes it. */
  readonly said: ReadingOptions & Pick<TraceFacts, "sources">;
  /** The values that are explained: an axis is the batch only where it is the batch of all of them. */
  samples(asked: SamplesAsked): SamplesReading;
  /** What the numbers in a row of values inside the graph stand for, as far as they are encoded columns or texts. */
  features(values: readonly string[]): Readonly<Record<string, readonly Feature[]>>;
}

interface Axes extends ReturnType<typeof axesOf> {
  readonly graph: TracedModel["graph"];
  readonly said: string;
}
const known = new WeakMap<TraceFacts["shapes"], Axes>();

/** Axes follow from the graph and its traced shapes: what else is learnt of a model later does not make them new. */
const axesIn = ({ graph, facts: { shapes } }: TracedModel, facts: Facts, options: ReadingOptions): Axes => {
  const said = JSON.stringify([options.layout, options.channelAxis, options.batchAxis]);
  const before = known.get(shapes);
  if (before?.graph === graph && before.said === said) return before;
  const made = { ...axesOf(graph, facts, options), graph, said };
  known.set(shapes, made);
  return made;
};

/** Reads a lowered graph. Errors: BadRecipe for options that do not fit it. */
export const readModel = (traced: TracedModel, options: ReadingOptions = {}): Reading => {
  const { graph } = traced;
  const { sources, rowsApart } = traced.facts;
  const facts = traced.ownFacts();
  const { axes, tracks } = axesIn(traced, facts, options);
  return {
    said: { ...options, ...(sources && { sources }) },
    axes,
    samples: (asked) => samplesOf({ graph, facts, tracks, options, ...(rowsApart && { tried: rowsApart }) }, asked),
    features: (values) => featuresOf(graph, facts, values),
  };
};

export {
  type Arrangement,
  arranged,
  arrangementOf,
  batchFirst,
  isPlain,
  type LayoutKind,
  mapsFirst,
  ofSamples,
  restored,
} from "./arrangement.ts";
export { type AxesReading, isChannel, SPATIAL } from "./axes.ts";
export { type ClassNames, classNamesIn, namesByColumn } from "./class-names.ts";
export { readingInConfig } from "./config.ts";
export { type AnchorsSaid, BOX_DECODERS, type BoxDecoder } from "./detector/raw/box-decoders.ts";
export { type ExplainedReading, readingBehind } from "./explained.ts";
export type { Feature } from "./features.ts";
export { type DetectionThresholds, detectorSaid, type ReadingOptions } from "./options.ts";
export * from "./output/index.ts";
export { type OwnRange, ownRange } from "./own-range.ts";
export { AXIS_ROLES, type AxisReading, type AxisRole } from "./roles.ts";
export { ONE_SAMPLE, type SamplesAsked, type SamplesReading } from "./samples.ts";
export { type Centre, centreOf } from "./scaler.ts";
