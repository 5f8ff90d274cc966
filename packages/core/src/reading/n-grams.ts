/** The n-grams that a TfIdfVectorizer counts, by the column each is counted in. */
import type { GraphNode } from "../graph/graph.ts";
import { getInts, getString, getStrings } from "../onnx/attributes.ts";

export interface NGrams {
  /** By column; undefined where none is counted there. */
  readonly names: readonly (string | undefined)[];
  /** Of characters, not of words. */
  readonly ofCharacters: boolean;
}

/** `tokenizer`: the node that cut the text, where it is in the graph. */
export const nGramsOf = (node: GraphNode, tokenizer: GraphNode | undefined): NGrams => {
  const texts = getStrings(node, "pool_strings") ?? [];
  const pool = texts.length > 0 ? texts : (getInts(node, "pool_int64s") ?? []).map(String);
  const starts = getInts(node, "ngram_counts") ?? [0];
  const columns = getInts(node, "ngram_indexes") ?? [];
  const ofCharacters = tokenizer === undefined ? isOfCharacters(pool) : cutsCharacters(tokenizer);
  const width = columns.reduce((most, column) => Math.max(most, column + 1), 0);
  const names: (string | undefined)[] = Array.from({ length: width }, () => undefined);
  let next = 0;
  starts.forEach((start, i) => {
    const [n, end] = [i + 1, starts[i + 1] ?? pool.length];
    for (let at = start; at + n <= end; at += n) names[columns[next++]!] = pool.slice(at, at + n).join(ofCharacters ? "" : " ");
  });
  return { names, ofCharacters };
};

const isOfCharacters = (pool: readonly string[]): boolean => pool.length > 0 && pool.every((token) => [...token].length === 1);

const cutsCharacters = (node: GraphNode): boolean => {
  const expression = getString(node, "tokenexp");
  if (expression !== undefined) return expression === ".";
  return (getStrings(node, "separators") ?? []).every((one) => one === "");
};
