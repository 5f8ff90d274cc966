/**
 * Relevance for more classes than one artefact serves well: each class is a row of a batch of the artefact that is told its class, so that
 * room and nodes are those of a few, however many are asked for.
 */
import { type Asked, classRounds } from "./classes.ts";
import type { LoadedModel } from "./loaded.ts";
import { openModel } from "./open-model.ts";
import { inPieces, type Pieces } from "./pieces.ts";
import type { ExplainOptions, Explanation } from "./types.ts";

/** Rows of one run beyond that: about the room of sixteen walks, which share a forward pass. */
const ROWS = 2;

/** Maps are [N, K, …], the classes of a sample in the order they win, or as listed. Errors: BadTarget, and those of `explain`. */
export const explainMany = async (
  lit: LoadedModel,
  run: Pieces,
  target: Asked,
  options: ExplainOptions,
): Promise<Explanation> => {
  const { ranked, scoring } = await openModel(lit, run.feeds, options, true);
  const rounds = classRounds(target, ranked, scoring);
  const found = await inPieces(run, { count: rounds.length, rows: ROWS }, ({ from, size, rows }) => {
    options.onRows?.(from, rounds.length);
    const classes = rows.map((n, i) => rounds[from + (i % size)]![n]!);
    return { ...options, target: classes.map((index) => (index.length === 1 ? index[0]! : index)) };
  });
  options.onRows?.(rounds.length, rounds.length);
  return { ...found, target: Array.from({ length: run.samples }, (_, n) => rounds.flatMap((round) => round[n]!)) };
};
