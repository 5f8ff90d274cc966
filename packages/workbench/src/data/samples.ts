/** Data as an evaluation reads it: chunks of samples, their classes, their masks. */
import { type DataChunk, type EvaluationData, fail, pixelBox, type Tensor } from "@backlit/core";
import { completed } from "../inputs/complete.ts";
import { hasFreeBatch, modelInputs } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { concatenate } from "../samples/feeds.ts";
import { classesOf } from "./classes.ts";
import type { DataItem, DataSet, LoadedItem } from "./item.ts";
import { hasMasks, maskTensor } from "./masks.ts";

export interface SampleOptions {
  /** Samples at most, the first ones. */
  readonly limit?: number | undefined;
  /** Whose class is explained and judged: the predicted one, or the label's. */
  readonly target: "top" | "label";
  note(text: string): void;
}

/** Data, and what it is called: the last name of its path. */
export type NamedData = DataSet & { readonly name: string };

export interface ReadyData {
  readonly data: EvaluationData;
  /** One sample's inputs: sizes for tracing the model. */
  readonly sample: Readonly<Record<string, Tensor>>;
  /** It says where objects are. */
  readonly masked: boolean;
}

/** Throws BadInput for data that is empty, and for samples without a class where the label's is asked for. */
export const readyData = async (
  set: NamedData,
  path: string,
  bundle: Bundle,
  { limit, target, note }: SampleOptions,
): Promise<ReadyData> => {
  const { preprocessor, sha256 } = set;
  const items = set.items.slice(0, limit);
  if (items.length === 0) throw fail("BadInput", { what: "no samples", where: path, fix: "give some" });
  set.notices.forEach(note);
  const classOf = classesOf(bundle);
  const targets = target === "label" ? items.map((item) => [classFor(item, path, classOf)]) : undefined;
  const inputs = modelInputs(bundle.model);
  const whole = (item: DataItem, { feeds }: LoadedItem) => completed([{ file: item.name, feeds }], inputs, note)[0]!.feeds;
  const first = await items[0]!.load();
  const sample = whole(items[0]!, first);
  const masked = hasMasks(items, first);
  const free = set.even && hasFreeBatch(bundle.model);
  const read = async (from: number, count: number): Promise<DataChunk> => {
    const own = items.slice(from, from + count);
    const loaded = await Promise.all(own.map((item) => item.load()));
    const feeds = own.map((item, n) => whole(item, loaded[n]!));
    checkEven(own, feeds);
    return {
      x: Object.fromEntries(Object.keys(feeds[0]!).map((name) => [name, concatenate(feeds.map((one) => one[name]!))])),
      names: own.map(({ name }) => name),
      labels: own.map(({ label }) => shown(label, classOf, bundle.labels)),
      ...(targets && { targets: targets.slice(from, from + count) }),
      ...(masked && {
        masks: (judged) =>
          maskTensor(
            own.map((item, n) => ({ item, loaded: loaded[n]!, means: (written) => classOf(written) === judged[n]!.at(-1) })),
          ),
      }),
    };
  };
  return {
    sample,
    masked,
    data: {
      name: set.name,
      sha256,
      count: items.length,
      chunk: free ? chunkOf(sample) : 1,
      reading: { target, ...(preprocessor && { preprocessor: { ...preprocessor, notices: [] } }) },
      read,
    },
  };
};

/** Samples read together: many small ones, so that batches are full, few large ones, so that workers share them. */
const chunkOf = (sample: Readonly<Record<string, Tensor>>): number => {
  const values = Object.values(sample).reduce((sum, { data }) => sum + data.length, 0);
  return values <= 4096 ? 64 : values <= 65536 ? 16 : 8;
};

const classFor = ({ name, label }: DataItem, path: string, classOf: (written: string) => number | undefined): number => {
  const found = label === undefined ? undefined : classOf(label);
  if (found !== undefined) return found;
  throw fail("BadInput", {
    what: label === undefined ? "a sample has no label" : `the model has no class '${label}'`,
    where: `${path}, ${name}`,
    fix: "give labels the model knows, or leave out --target label",
  });
};

const shown = (
  label: string | undefined,
  classOf: (written: string) => number | undefined,
  labels: readonly string[] | undefined,
): string | undefined => (label === undefined ? undefined : (labels?.[classOf(label) ?? -1] ?? label));

const checkEven = (items: readonly DataItem[], feeds: readonly Readonly<Record<string, Tensor>>[]): void => {
  const shape = (one: Readonly<Record<string, Tensor>>) =>
    Object.values(one)
      .map(({ dims }) => dims.join("×"))
      .join(", ");
  const odd = feeds.findIndex((one) => shape(one) !== shape(feeds[0]!));
  if (odd > 0)
    throw fail("BadInput", {
      what: "samples of different shapes",
      where: items[odd]!.name,
      why: `it is ${shape(feeds[odd]!)}, others are ${shape(feeds[0]!)}`,
    });
};

/** Where the values of an input lie, from its preprocessing. */
export const rangeOf = ({ preprocessor }: DataSet, bundle: Bundle): { low: number[]; high: number[] } | undefined => {
  const by = preprocessor ?? bundle.preprocessor;
  return by && pixelBox(by);
};
