/** What the cells of a pair are parts of: a picture in a grid, words, columns. */
import type { FloatTensor, Preprocessor, Raster } from "@backlit/core";
import { seenPicture } from "../../../kinds/picture/heatmap.ts";
import type { Sample } from "../../../samples/sample.ts";

export interface PairPart {
  readonly file: string;
  /** Rows and columns over a picture. */
  readonly grid?: readonly [number, number];
  readonly picture?: Raster;
  /** Of tokens and columns. */
  readonly names?: readonly string[];
}

interface PartOptions {
  /** Row of the file. */
  readonly index: number;
  readonly cells: readonly number[];
  readonly preprocessor: Preprocessor | undefined;
}

export const partOf = (sample: Sample, { index, cells, preprocessor }: PartOptions): PairPart => {
  const { file, text, features = {}, feeds } = sample;
  if (cells.length === 2) {
    const value = Object.keys(feeds).find((name) => feeds[name]!.dims.length === 4);
    const picture = value === undefined ? undefined : seenPicture({ sample, index, top: [], maps: [] }, value, preprocessor);
    return { file, grid: cells as readonly [number, number], ...(picture && { picture }) };
  }
  const count = cells.reduce((a, b) => a * b, 1);
  const names = text
    ? text.tokenized.tokens.map(({ token }) => token)
    : Object.values(features).find((columns) => columns.length === count);
  return names?.length === count ? { file, names } : { file };
};

/** Σ over the cells of the other. */
export const marginalsOf = ({ dims, data }: FloatTensor): readonly [Float32Array, Float32Array] => {
  const [own, theirs] = dims as readonly [number, number];
  const sums = [new Float32Array(own), new Float32Array(theirs)] as const;
  data.forEach((r, i) => {
    sums[0][Math.floor(i / theirs)]! += r;
    sums[1][i % theirs]! += r;
  });
  return sums;
};
