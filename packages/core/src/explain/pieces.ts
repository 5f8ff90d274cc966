/**
 * Several questions about each sample: questions are rows of the batch, as many as a run may hold. Maps are copied as they come, so that a
 * thousand questions take no more room beside their maps than one run does.
 */
import type { FloatTensor } from "../tensor/float.ts";
import { taken } from "../tensor/taken.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { ChannelTable } from "./channel-table.ts";
import { mapValues } from "./map-values.ts";
import type { ExplainOptions, Explanation } from "./types.ts";

type Feeds = Readonly<Record<string, Tensor>>;

export interface Pieces {
  /** All inputs. */
  readonly feeds: Feeds;
  readonly samples: number;
  /** Where the samples lie along the first axis of all that goes in or comes out and the batch is free: several rows may be one sample's. */
  readonly repeats: boolean;
  explain(feeds: Feeds, options: ExplainOptions): Promise<Explanation>;
}

export interface Piece {
  /** First question of the run, and how many. */
  readonly from: number;
  readonly size: number;
  /** The sample of each row; questions of a sample lie side by side. */
  readonly rows: readonly number[];
  /** A tensor of samples as rows. */
  repeated(tensor: Tensor): Tensor;
}

/** `rows`: of one run. Maps are [N, M, …]; notes, ledgers and sums one for each sample and question, in that order. */
export const inPieces = async (
  run: Pieces,
  { count, rows: most }: { readonly count: number; readonly rows: number },
  asked: (piece: Piece) => ExplainOptions,
): Promise<Explanation> => {
  const width = run.repeats ? Math.max(1, Math.floor(most / run.samples)) : 1;
  const maps = new Maps(run.samples, count);
  const parts: Part[] = [];
  for (let from = 0; from < count; from += width) {
    const size = Math.min(width, count - from);
    const rows = Array.from({ length: run.samples }, (_, n) => Array.from({ length: size }, () => n)).flat();
    const repeated = (tensor: Tensor) => (size === 1 ? tensor : taken(tensor, 0, rows));
    const explanation = await run.explain(mapValues(run.feeds, repeated), asked({ from, size, rows, repeated }));
    parts.push({ explanation: maps.take(explanation, from, size), count: size });
  }
  return joined(parts, run.samples, maps);
};

/** The maps of all questions, filled run by run. */
class Maps {
  readonly #of = new Map<string, FloatTensor>();

  constructor(
    readonly samples: number,
    readonly count: number,
  ) {}

  /** Copies an explanation's maps; what comes back is the explanation without them. */
  take(explanation: Explanation, from: number, size: number): Explanation {
    const { relevances, layers } = explanation;
    for (const [name, map] of [...entries("relevance", relevances), ...entries("layer", layers)]) this.put(name, map, from, size);
    const gone: FloatTensor = { type: "float32", dims: [0], data: new Float32Array(0) };
    return {
      ...explanation,
      relevance: gone,
      relevances: mapValues(relevances, () => gone),
      layers: mapValues(layers, () => gone),
    };
  }

  get(name: string): FloatTensor {
    return this.#of.get(name)!;
  }

  of(kind: "relevance" | "layer", names: Readonly<Record<string, unknown>>): Record<string, FloatTensor> {
    return Object.fromEntries(Object.keys(names).map((name) => [name, this.get(`${kind} ${name}`)]));
  }

  /** The rows of `size` questions from the one at `from` on. */
  put(name: string, { dims, data }: FloatTensor, from: number, size: number): void {
    const width = data.length / (this.samples * size);
    const all = this.#of.get(name) ?? {
      type: "float32" as const,
      dims: [this.samples, this.count, ...dims.slice(1)],
      data: new Float32Array(this.samples * this.count * width),
    };
    this.#of.set(name, all);
    for (let n = 0; n < this.samples; n++)
      all.data.set(data.subarray(n * size * width, (n + 1) * size * width), (n * this.count + from) * width);
  }
}

const entries = (kind: string, maps: Readonly<Record<string, FloatTensor>>) =>
  Object.entries(maps).map(([name, map]) => [`${kind} ${name}`, map] as const);

interface Part {
  readonly explanation: Explanation;
  /** Of questions. */
  readonly count: number;
}

const joined = (parts: readonly Part[], samples: number, all: Maps): Explanation => {
  const { explanation: first, count } = parts[0]!;
  const rows = Array.from({ length: samples }, (_, n) => n * count);
  const once = <T extends Tensor>(tensor: T): T =>
    tensor.dims[0] === samples * count && count > 1 && tensor.type !== "string" ? taken(tensor, 0, rows) : tensor;
  const lists = <T>(of: (explanation: Explanation) => readonly T[] | undefined) =>
    of(first) === undefined
      ? undefined
      : rowWise(
          parts.map(({ explanation, count }) => ({ items: of(explanation)!, count })),
          samples,
        );
  const relevances = all.of("relevance", first.relevances);
  const leaving = lists((one) => one.leaving);
  const ledger = lists((one) => one.ledger);
  return {
    ...first,
    output: once(first.output),
    outputs: mapValues(first.outputs, once),
    target: first.target.length === samples * count ? rows.map((n) => first.target[n]!) : first.target,
    relevance: relevances[Object.keys(relevances)[0]!]!,
    relevances,
    values: mapValues(first.values, once),
    layers: all.of("layer", first.layers),
    notes: lists((one) => one.notes)!,
    ...(first.channels && {
      channels: mapValues(first.channels, (_, value) =>
        tables(
          parts.map(({ explanation, count }) => ({ table: explanation.channels![value]!, count })),
          samples,
        ),
      ),
    }),
    ...(leaving && { leaving }),
    ...(ledger && { ledger }),
    notices: [...new Set(parts.flatMap(({ explanation }) => explanation.notices))],
    timings: { ...first.timings, run: parts.reduce((ms, { explanation }) => ms + explanation.timings.run, 0) },
  };
};

/** Each part has samples × its questions. */
const rowWise = <T>(parts: readonly { readonly items: readonly T[]; readonly count: number }[], samples: number): T[] =>
  Array.from({ length: samples }, (_, n) => parts.flatMap(({ items, count }) => items.slice(n * count, (n + 1) * count))).flat();

const tables = (parts: readonly { readonly table: ChannelTable; readonly count: number }[], samples: number): ChannelTable => {
  const [{ table }] = parts as [(typeof parts)[number]];
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const column = (of: (table: ChannelTable) => Float32Array | Int32Array): Float32Array => {
    const all = new Maps(samples, count);
    let from = 0;
    for (const part of parts) {
      all.put("", { type: "float32", dims: table.dims, data: Float32Array.from(of(part.table)) }, from, part.count);
      from += part.count;
    }
    return all.get("").data as Float32Array;
  };
  const statistics = (side: "relevance" | "activation") => ({
    sum: column((one) => one[side].sum),
    max: column((one) => one[side].max),
    position: Int32Array.from(column((one) => one[side].position)),
  });
  return {
    dims: [samples, count, ...table.dims.slice(1)],
    relevance: statistics("relevance"),
    activation: statistics("activation"),
  };
};
