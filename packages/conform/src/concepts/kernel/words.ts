/** From relevance of words to that of the local features that use them, and of the pixels those cover (Bach et al. 2015, sec. 2.2). */
import type { Case } from "../../cases.ts";
import type { Given } from "../given.ts";

interface Covering {
  readonly patch: number;
  readonly positions: readonly (readonly [number, number])[];
}

/** R2, [sample, local feature]: a word's share by use; words that nobody uses, evenly. */
export const localFeatures = (words: readonly number[], { inputs, feeds }: Given): number[] => {
  const [[rows, width], mapping] = [Object.values(feeds)[0]!.dims as [number, number], inputs.mapping!];
  const locals = mapping.dims[1]!;
  const use = (n: number, l: number, d: number) => Number(mapping.data[(n * locals + l) * width + d]);
  const shared = new Array<number>(rows * locals).fill(0);
  for (let n = 0; n < rows; n++)
    for (let d = 0; d < width; d++) {
      let total = 0;
      for (let l = 0; l < locals; l++) total += use(n, l, d);
      for (let l = 0; l < locals; l++)
        shared[n * locals + l]! += words[n * width + d]! * (total > 0 ? use(n, l, d) / total : 1 / locals);
    }
  return shared;
};

/** R1, [sample, row, column]: of each local feature evenly over its pixels. */
export const pixels = (locals: readonly number[], { it, inputs }: Given): { data: number[]; dims: readonly number[] } => {
  const { patch, positions } = it as Case & Covering;
  const dims = inputs.image!.dims.slice(-2);
  const [height, width] = dims as [number, number];
  const rows = locals.length / positions.length;
  const data = new Array<number>(rows * height * width).fill(0);
  for (let n = 0; n < rows; n++)
    positions.forEach(([top, left], l) => {
      const bottom = Math.min(top + patch, height);
      const right = Math.min(left + patch, width);
      const each = locals[n * positions.length + l]! / ((bottom - top) * (right - left));
      for (let i = top; i < bottom; i++) for (let j = left; j < right; j++) data[(n * height + i) * width + j]! += each;
    });
  return { data, dims: [rows, ...dims] };
};
