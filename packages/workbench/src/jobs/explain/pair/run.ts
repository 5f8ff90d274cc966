/** The job `explain` for `pair:FILE`: which parts of an input and of a second one make them similar. */
import { type Explanation, explainPair, type FloatTensor, fail, type Preprocessor } from "@backlit/core";
import { completed } from "../../../inputs/complete.ts";
import { readSamples } from "../../../inputs/read.ts";
import { modelInputs } from "../../../models/inputs.ts";
import type { Sample } from "../../../samples/sample.ts";
import { type Prepared, prepare, readsTwoTexts } from "../../prepare.ts";
import type { JobContext } from "../../request.ts";
import type { ExplainRequest } from "../result.ts";
import { marginalsOf, type PairPart, partOf } from "./parts.ts";

export interface PairRow {
  readonly file: string;
  /** Of several in the file. */
  readonly index?: number;
  /** Cosine of both embeddings. */
  readonly similarity: number;
  /** float32 [cells of the input, cells of the other]. */
  readonly pairs: FloatTensor;
  /** Sums of the pairs of each cell: of the input, and of the other. */
  readonly marginals: readonly [Float32Array, Float32Array];
  /** The strongest, for and against, as cells counted row by row. */
  readonly strongest: readonly { readonly cells: readonly [number, number]; readonly relevance: number }[];
  /** What the cells are parts of. */
  readonly parts: readonly [PairPart, PairPart];
}

export interface PairResult {
  readonly v: 1;
  readonly model: { readonly name: string; readonly path: string };
  /** The second input, a file or a text; empty where the model reads both. */
  readonly other: string;
  readonly rows: readonly PairRow[];
  readonly cells: readonly number[];
  readonly otherCells: readonly number[];
  readonly recipe: Explanation["recipe"];
  readonly hash: string;
}

const STRONGEST = 10;

export interface PairAsked extends Pick<ExplainRequest, "grid"> {
  /** The file or text behind `pair:`; empty: the model reads both. */
  readonly other: string;
}

/** `other`: the file or text behind `pair:`. Errors: those of reading; Usage, Unsupported. */
export const pairJob = async (request: ExplainRequest, other: string, context: JobContext): Promise<PairResult> => {
  const { target: _, grid, ...plain } = request;
  const opened = await prepare(plain, context, { complete: true, other });
  await using _lit = opened.lit;
  return await pairPrepared(opened, { other, ...(grid && { grid }) }, context); // before the model is released
};

/** The same for a model that is open already, and stays so. */
export const pairPrepared = async (
  opened: Pick<Prepared, "bundle" | "choices" | "samples" | "lit">,
  { other, grid }: PairAsked,
  context: JobContext,
): Promise<PairResult> => {
  const { bundle, choices, samples, lit } = opened;
  const { listener } = context;
  const second = other === "" || readsTwoTexts(bundle) ? undefined : await secondIn(other, bundle, context);
  const { seed: _seed, target: _target, layers: _layers, ledger: _ledger, channels: _c, masks: _m, ...recipe } = choices;
  const rows: PairRow[] = [];
  let last: Awaited<ReturnType<typeof explainPair>> | undefined;
  for (const sample of samples) {
    listener.progress(`comparing ${sample.file}`);
    last = await explainPair(lit, sample.feeds, second?.feeds, { ...recipe, ...(grid && { grid }) });
    for (const row of rowsOf(last, second ? [sample, second] : halvesOf(sample), bundle.preprocessor)) rows.push(row);
  }
  if (last === undefined) throw fail("Usage", { what: "no INPUT", fix: "give one to compare with the file of the target" });
  last.notices.forEach(listener.note);
  const { cells, otherCells, recipe: resolved, hash } = last;
  const model = { name: bundle.name, path: bundle.path };
  return { v: 1, model, other, rows, cells, otherCells, recipe: resolved, hash };
};

const secondIn = async (other: string, bundle: Prepared["bundle"], { host, listener }: JobContext): Promise<Sample> => {
  const read = await readSamples(host, bundle, [other], { inputs: [] });
  const [second, ...more] = completed(read.samples, modelInputs(bundle.model), listener.note);
  if (second !== undefined && more.length === 0) return second;
  throw fail("Usage", { what: `--target pair:${other}`, why: `it holds ${read.samples.length} inputs`, fix: "name one" });
};

/** The two inputs that a model compares itself. */
const halvesOf = (sample: Sample): readonly [Sample, Sample] => {
  const [first, second] = Object.values(sample.texts ?? {});
  if (first !== undefined && second !== undefined) {
    const half = (text: typeof first): Sample => ({ ...sample, file: text.tokenized.texts.join(" ") || sample.file, text });
    return [half(first), half(second)];
  }
  const [one, two] = Object.entries(sample.feeds).map(
    ([name, tensor]): Sample => ({ ...sample, file: name, feeds: { [name]: tensor } }),
  );
  return [one ?? sample, two ?? sample];
};

const rowsOf = (
  { pairs: { dims, data }, similarity, cells, otherCells }: Awaited<ReturnType<typeof explainPair>>,
  [one, two]: readonly [Sample, Sample],
  preprocessor: Preprocessor | undefined,
): readonly PairRow[] => {
  const [count, own, theirs] = dims as [number, number, number];
  return similarity.map((value, n) => {
    const pairs: FloatTensor = {
      type: "float32",
      dims: [own, theirs],
      data: data.slice(n * own * theirs, (n + 1) * own * theirs),
    };
    const order = Array.from(pairs.data.keys()).sort((a, b) => Math.abs(pairs.data[b]!) - Math.abs(pairs.data[a]!));
    return {
      file: one.file,
      ...(count > 1 && { index: n }),
      similarity: value,
      pairs,
      marginals: marginalsOf(pairs),
      strongest: order.slice(0, STRONGEST).map((i) => ({
        cells: [Math.floor(i / theirs), i % theirs] as const,
        relevance: pairs.data[i]!,
      })),
      parts: [partOf(one, { index: n, cells, preprocessor }), partOf(two, { index: n, cells: otherCells, preprocessor })],
    };
  });
};

/** The file of a target `pair:FILE`; empty for `pair`, the two inputs that a model reads itself. Errors: Usage beside other targets. */
export const pairIn = (target: readonly string[] = []): string | undefined => {
  const pair = target.find((one) => /^pair(:.|$)/s.test(one));
  if (pair !== undefined && target.length > 1)
    throw fail("Usage", {
      what: `--target ${pair}`,
      why: "a pair has no map beside others",
      fix: "explain it in a run of its own",
    });
  return pair?.slice("pair:".length);
};

/** What `--json` prints. */
export const pairDocument = ({ rows, ...result }: PairResult, notices: readonly string[]) => ({
  ...result,
  rows: rows.map(({ pairs, parts, marginals, ...row }) => ({
    ...row,
    dims: pairs.dims,
    marginals: marginals.map((sums) => Array.from(sums)),
    ...(parts.some(({ names }) => names) && { names: parts.map(({ names }) => names ?? null) }),
  })),
  notices,
});

/** Lines for a terminal. */
export const pairReport = ({ rows, cells, otherCells, model }: Omit<PairResult, "v" | "recipe" | "hash">): string =>
  `${rows
    .flatMap(({ file, index, similarity, strongest, parts }) => {
      const name = (side: 0 | 1, cell: number) => parts[side].names?.[cell] ?? `cell ${cell}`;
      const sizes = cells.join() === otherCells.join() ? cells.join("×") : `${cells.join("×")} and ${otherCells.join("×")}`;
      return [
        `${model.name}  ${file}${index === undefined ? "" : `, row ${index}`} and ${parts[1].file}: cosine ${similarity.toFixed(4)}, ${sizes} cells`,
        ...strongest.map(({ cells: [a, b], relevance }) => `  ${name(0, a)} with ${name(1, b)}  ${relevance.toPrecision(3)}`),
      ];
    })
    .join("\n")}\n`;
