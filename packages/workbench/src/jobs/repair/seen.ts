/** What a model makes of samples: activations at a value, classes, and how many are right. */
import {
  append,
  type ChannelsOf,
  conceptRows,
  type EvaluationData,
  type Explainer,
  fail,
  heatmapFeatures,
  type RepairScope,
} from "@backlit/core";
import { planesOf } from "../planes.ts";
import type { JobContext } from "../request.ts";

export interface Seen {
  /** By sample, for each scope asked for. */
  readonly rows: Readonly<Partial<Record<RepairScope, readonly Float32Array[]>>>;
  readonly winners: readonly string[];
  readonly labels: readonly (string | undefined)[];
}

interface Look {
  readonly of: ChannelsOf & { readonly axis: number };
  readonly scopes: readonly RepairScope[];
  /** Numbers of the samples; default all. */
  readonly samples?: readonly number[] | undefined;
}

/** Activations, classes, labels. Errors: Aborted, those of `explain`. */
export const seen = async (
  lit: Explainer,
  data: EvaluationData,
  { of, scopes, samples }: Look,
  context: JobContext,
): Promise<Seen> => {
  const rows: Partial<Record<RepairScope, Float32Array[]>> = Object.fromEntries(scopes.map((scope) => [scope, []]));
  const [winners, labels]: [string[], (string | undefined)[]] = [[], []];
  const wanted = samples && new Set(samples);
  for await (const { x, from, count, own } of chunks(data, context)) {
    const { values, target } = await lit.explain(x, { method: "gradient", onUnsupported: "detach", explain: [of.value] });
    const kept = Array.from({ length: count }, (_, n) => n).filter((n) => wanted?.has(from + n) ?? true);
    for (const scope of scopes) {
      const all = conceptRows(values[of.value]!, of.axis, scope);
      append(
        rows[scope]!,
        kept.map((n) => all[n]!),
      );
    }
    append(
      winners,
      kept.map((n) => target[n]!.join()),
    );
    append(
      labels,
      kept.map((n) => own[n]),
    );
  }
  return { rows, winners, labels };
};

/** Pooled maps of the classes that win, a row each. */
export const mapsOf = async (
  lit: Explainer,
  data: EvaluationData,
  samples: readonly number[] | undefined,
  context: JobContext,
): Promise<{ readonly rows: readonly Float64Array[]; readonly size: readonly [number, number] }> => {
  const rows: Float64Array[] = [];
  let size: readonly [number, number] = [1, 1];
  const wanted = samples && new Set(samples);
  for await (const { x, from } of chunks(data, context)) {
    const { planes } = planesOf(lit, (await lit.explain(x)).relevance);
    size = [planes.dims[2]!, planes.dims[3]!];
    append(
      rows,
      heatmapFeatures(planes, { normalise: "none" }).filter((_, n) => wanted?.has(from + n) ?? true),
    );
  }
  return { rows, size };
};

async function* chunks({ count: total, chunk = 16, read, name }: EvaluationData, { listener, signal }: JobContext) {
  for (let from = 0; from < total; from += chunk) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
    const count = Math.min(chunk, total - from);
    const { x, labels = [] } = await read(from, count);
    yield { x, from, count, own: labels };
    listener.working(`${name}, ${from + count} of ${total} samples`);
  }
}

/** Share of the samples whose class is their label; undefined where some have none. */
export const accuracyOf = ({ winners, labels }: Seen, names: readonly string[] | undefined): number | undefined => {
  if (labels.length === 0 || labels.some((label) => label === undefined)) return undefined;
  const right = winners.filter((winner, n) => (names?.[Number(winner)] ?? winner) === labels[n]).length;
  return right / winners.length;
};
