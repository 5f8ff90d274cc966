/**
 * The attention matrices of every sample and layer, and how a number for each token becomes a map of the input. Which queries the logits read is
 * not assumed (a class token, the last token of a causal model, the mean over all): it is where the last matrix has a gradient.
 */

import type { MethodParameter } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import { ownRows } from "../../oracle/rows.ts";
import { frameOf, gridOf } from "../cam/frame.ts";
import { mapTensor, RESIZE } from "../cam/map.ts";
import type { Attribution, Task } from "../method.ts";
import { type Attention, attentionsOf } from "./matrices.ts";

export const ROWS: MethodParameter = {
  what: "the queries whose attention is shown: those the score depends on (auto), the first or last token, or the mean of all",
  default: "auto",
  choices: ["auto", "first", "last", "mean"],
};
export const ATTENTION_RESIZE = RESIZE;

/** Matrices L × L, row by row. */
export interface Attended {
  readonly tokens: number;
  readonly heads: number;
  /** Of each head, one after another. */
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
}

/** In order of depth. Error Unsupported where the model has none. */
export const attentionIn = ({ inside }: Task): readonly Attention[] => {
  const found = attentionsOf(inside.steps);
  if (found.length > 0) return found;
  throw fail("Unsupported", {
    what: "the model has no attention",
    why: "no softmax weighs another value in a matrix product",
    fix: "take a method that needs none",
  });
};

/** One gradient pass: what each sample makes of its matrices is kept, not the matrices. `names`: the softmax results wanted. */
export const tokenMaps = async (
  task: Task,
  names: readonly string[],
  mapOf: (layers: readonly Attended[]) => Float64Array,
): Promise<readonly Float64Array[]> => {
  const maps: Float64Array[] = [];
  await task.oracle.relevance(
    ownRows(task.x),
    (n, { layers, values }) => {
      const attended = names.map((name) => matricesOf(name, values[name]!, layers[name]!));
      const odd = attended.find(({ tokens }) => tokens !== attended[0]!.tokens);
      if (odd !== undefined) throw notOfTheWhole(`there are matrices of ${attended[0]!.tokens} and of ${odd.tokens} tokens`);
      maps[n] = mapOf(attended);
    },
    { layers: names, values: names },
  );
  return maps;
};

/** Heads may share the first axis with the batch: [N · heads, L, L]. */
const matricesOf = (
  name: string,
  { data, dims }: { readonly data: Float32Array; readonly dims: readonly number[] },
  gradient: Float32Array,
): Attended => {
  const [queries, tokens] = dims.slice(-2) as [number, number];
  const inRow = dims.reduce((a, b) => a * b, 1);
  if (queries !== tokens) throw notOfTheWhole(`'${name}' is ${queries} × ${tokens}`);
  if (data.length !== inRow && dims.length > 2) throw notOfTheWhole(`'${name}' has windows along the batch`);
  return {
    tokens,
    heads: data.length / (tokens * tokens),
    weights: Float64Array.from(data),
    gradient: Float64Array.from(gradient),
  };
};

const notOfTheWhole = (why: string) =>
  fail("Unsupported", {
    what: "this model's attention cannot be followed from token to token",
    why,
    fix: "take a method that needs no attention: attnlrp, gradients, perturbation",
  });

/** The mean over heads of a quantity of theirs. */
export const overHeads = ({ tokens, heads, weights }: Attended, value: (i: number) => number): Float64Array => {
  const size = tokens * tokens;
  const mean = new Float64Array(size);
  for (let i = 0; i < weights.length; i++) mean[i % size]! += value(i) / heads;
  return mean;
};

/** A · B of two L × L matrices. */
export const times = (a: Float64Array, b: Float64Array, size: number): Float64Array => {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!;
      if (factor !== 0) for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * size + j]!;
    }
  return out;
};

/** I, times a factor. */
export const identity = (size: number, value = 1): Float64Array =>
  Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? value : 0));

/** The mean of the rows asked for of a matrix over tokens; `last` is the deepest attention. */
export const readRows = (matrix: Float64Array, { tokens, gradient }: Attended, asked: unknown): Float64Array => {
  const all = Array.from({ length: tokens }, (_, i) => i);
  const read = (row: number) => {
    for (let i = row * tokens; i < gradient.length; i += tokens * tokens)
      for (let j = i; j < i + tokens; j++) if (gradient[j] !== 0) return true;
    return false;
  };
  const live = asked === "auto" ? all.filter(read) : [];
  const rows = asked === "first" ? [0] : asked === "last" ? [tokens - 1] : live.length > 0 ? live : all;
  const out = new Float64Array(tokens);
  for (const row of rows) for (let j = 0; j < tokens; j++) out[j]! += matrix[row * tokens + j]! / rows.length;
  return out;
};

/** A number for each token as a map of the input: of a picture by the patches' grid, of an embedding shared out among its values. */
export const mapOfTokens = (task: Task, maps: readonly Float64Array[], notices: string[]): Attribution => {
  const frame = frameOf(task);
  const tokens = maps[0]!.length;
  const grid = frame.sizes.length === 2 ? gridOf(tokens, frame.sizes) : { sizes: [tokens], skip: 0 };
  if (grid === undefined || frame.sizes.length !== grid.sizes.length)
    throw notOfTheWhole(`${tokens} tokens are no grid over ${frame.sizes.join("×")}`);
  if (frame.shared && tokens !== frame.sizes[0]) throw notOfTheWhole(`${tokens} tokens for ${frame.sizes[0]} of the input`);
  const cut = maps.map((map) => map.slice(grid.skip));
  return { relevance: mapTensor(cut, grid.sizes, frame, task.params), notices };
};
