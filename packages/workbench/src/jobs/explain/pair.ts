/** The job `explain` for `pair:FILE`: which parts of an input and of a second one make them similar. */
import { type Explanation, explainPair, type FloatTensor, fail } from "@backlit/core";
import { modelInputs } from "../../models/inputs.ts";
import { completed } from "../../samples/complete.ts";
import { readSamples } from "../../samples/read.ts";
import { prepare } from "../prepare.ts";
import type { JobContext } from "../request.ts";
import type { ExplainRequest } from "./result.ts";

export interface PairResult {
  readonly v: 1;
  readonly model: { readonly name: string; readonly path: string };
  /** The second input. */
  readonly other: string;
  readonly rows: readonly {
    readonly file: string;
    /** Cosine of both embeddings. */
    readonly similarity: number;
    /** float32 [cells of the input, cells of the other]. */
    readonly pairs: FloatTensor;
    /** The strongest, for and against, as cells counted row by row. */
    readonly strongest: readonly { readonly cells: readonly [number, number]; readonly relevance: number }[];
  }[];
  readonly cells: readonly number[];
  readonly recipe: Explanation["recipe"];
  readonly hash: string;
}

const STRONGEST = 10;

/** `other`: the file behind `pair:`. Errors: those of reading; Usage, Unsupported. */
export const pairJob = async (request: ExplainRequest, other: string, context: JobContext): Promise<PairResult> => {
  const { target: _, ...plain } = request;
  const opened = await prepare(plain, context, { complete: true });
  await using lit = opened.lit;
  const { host, listener } = context;
  const { bundle, choices, samples } = opened;
  const read = await readSamples(host, bundle, [other], { inputs: [] });
  const [second, ...more] = completed(read.samples, modelInputs(bundle.model), listener.note);
  if (second === undefined || more.length > 0)
    throw fail("Usage", { what: `--target pair:${other}`, why: `it holds ${read.samples.length} inputs`, fix: "name one" });
  const { seed: _seed, target: _target, layers: _layers, ledger: _ledger, channels: _c, masks: _m, ...recipe } = choices;
  const rows: PairResult["rows"][number][] = [];
  let last: Awaited<ReturnType<typeof explainPair>> | undefined;
  for (const { file, feeds } of samples) {
    listener.progress(`comparing ${file}`);
    const found = await explainPair(lit, feeds, second.feeds, recipe);
    last = found;
    const [, own, theirs] = found.pairs.dims as [number, number, number];
    const pairs: FloatTensor = { ...found.pairs, dims: [own, theirs] };
    const order = Array.from(pairs.data.keys()).sort((a, b) => Math.abs(pairs.data[b]!) - Math.abs(pairs.data[a]!));
    const strongest = order.slice(0, STRONGEST).map((i) => ({
      cells: [Math.floor(i / theirs), i % theirs] as const,
      relevance: pairs.data[i]!,
    }));
    rows.push({ file, similarity: found.similarity[0]!, pairs, strongest });
  }
  if (last === undefined) throw fail("Usage", { what: "no INPUT", fix: "give one to compare with the file of the target" });
  last.notices.forEach(listener.note);
  const { cells, recipe: resolved, hash } = last;
  return { v: 1, model: { name: bundle.name, path: bundle.path }, other, rows, cells, recipe: resolved, hash };
};

/** What `--json` prints. */
export const pairDocument = ({ rows, ...result }: PairResult, notices: readonly string[]) => ({
  ...result,
  rows: rows.map(({ pairs, ...row }) => ({ ...row, dims: pairs.dims })),
  notices,
});

/** Lines for a terminal. */
export const pairReport = ({ rows, other, cells, model }: Pick<PairResult, "rows" | "other" | "cells" | "model">): string =>
  `${rows
    .flatMap(({ file, similarity, strongest }) => [
      `${model.name}  ${file} and ${other}: cosine ${similarity.toFixed(4)}, ${cells.join("×")} cells`,
      ...strongest.map(({ cells: [a, b], relevance }) => `  cell ${a} with cell ${b}  ${relevance.toPrecision(3)}`),
    ])
    .join("\n")}\n`;
