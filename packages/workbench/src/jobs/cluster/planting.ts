/** What a part of the input does by itself: taken out of some samples, put into others. */
import { type Corner, type EvaluationData, type Explainer, type FloatTensor, fail, type Tensor } from "@backlit/core";
import type { Standing } from "./result.ts";

/** How maps lie in an input: their height and width, and the axis along which they were summed. */
export interface Layout {
  readonly size: readonly [number, number];
  readonly channel: number | undefined;
}

/** What of an input belongs to a part of it. */
export type Inside = (row: number, column: number) => boolean;

export interface Region extends Layout {
  /** Cells of the pooled maps. */
  readonly cells: readonly number[];
  readonly pool: number;
}

export const insideRegion = ({ cells, pool, size: [, width] }: Region): Inside => {
  const wanted = new Set(cells);
  const columns = Math.ceil(width / pool);
  return (row, column) => wanted.has(Math.floor(row / pool) * columns + Math.floor(column / pool));
};

export const insideWindow =
  ([top, left]: Corner, side: number): Inside =>
  (row, column) =>
    row >= top && row < top + side && column >= left && column < left + side;

/** 1 for the values of one sample that lie inside. `dims`: of a batch. */
export const maskOf = (inside: Inside, { size: [, width], channel }: Layout, dims: readonly number[]): Uint8Array => {
  const own = dims.slice(1);
  const inner = channel === undefined ? 1 : dims.slice(channel + 1).reduce((a, b) => a * b, 1);
  const channels = channel === undefined ? 1 : dims[channel]!;
  return Uint8Array.from({ length: own.reduce((a, b) => a * b, 1) }, (_, i) => {
    const position = Math.floor(i / (inner * channels)) * inner + (i % inner);
    return Number(inside(Math.floor(position / width), position % width));
  });
};

export interface Swap extends Layout {
  /** Numbers of samples in the data: what is changed, and what a part of it is taken from, one each. */
  readonly into: readonly number[];
  readonly from: readonly number[];
  /** Which part, by place in the two lists. */
  readonly part: (at: number) => Inside;
  /** Index of the class. */
  readonly target: number;
  /** Samples of the class itself are looked at too; default: those for which another one wins. */
  readonly whole?: boolean;
}

/** As they are, and with that part of the others. Errors: Unsupported where the input is no array of float32, or the output no row of classes. */
export const swapped = async (
  lit: Explainer,
  data: EvaluationData,
  { into, from, part, target, whole = false, ...layout }: Swap,
): Promise<{ readonly before: Standing; readonly after: Standing }> => {
  const [before, after]: [number[], number[]] = [[], []];
  const size = data.chunk ?? 16;
  for (let start = 0; start < into.length; start += size) {
    const [own, donors] = [into, from].map((numbers) => samplesOf(lit, data, numbers.slice(start, start + size)));
    const { rows, name } = await own!;
    const changed = (await donors!).rows.map((donor, n) =>
      withPart(rows[n]!, donor, name, maskOf(part(start + n), layout, donor[name]!.dims)),
    );
    const [was, now] = [await leads(lit, rows, { target, size }), await leads(lit, changed, { target, size })];
    for (const [n, lead] of was.entries())
      if (whole || lead < 0) {
        before.push(lead);
        after.push(now[n]!);
      }
  }
  return { before: standing(before), after: standing(after) };
};

export const standing = (leads: readonly number[]): Standing => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / (values.length || 1);
  return { wins: mean(leads.map((lead) => Number(lead > 0))), lead: mean(leads) };
};

export type Inputs = Readonly<Record<string, FloatTensor>>;

const named = (x: Tensor | Readonly<Record<string, Tensor>>, name: string): Inputs => {
  const all = Array.isArray(x.dims) ? { [name]: x as Tensor } : (x as Readonly<Record<string, Tensor>>);
  for (const one of Object.values(all))
    if (one.type !== "float32")
      throw fail("Unsupported", { what: `an input of type ${one.type}`, why: "regions are swapped in arrays of float32" });
  return all as Inputs;
};

/** Single samples, and the input that is explained. */
export const samplesOf = async (lit: Explainer, data: EvaluationData, numbers: readonly number[]) => {
  const name = lit.outline().plan.explained[0]!;
  return { name, rows: await Promise.all(numbers.map(async (n) => named((await data.read(n, 1)).x, name))) };
};

/** One sample with some values of another. */
export const withPart = (into: Inputs, from: Inputs, name: string, mask: Uint8Array): Inputs => {
  const { dims, data } = from[name]!;
  const values = into[name]!.data.map((v, i) => (mask[i] ? data[i]! : v));
  return { ...into, [name]: { type: "float32", dims, data: values } };
};

/** Single samples as one batch. */
const together = (samples: readonly Inputs[]): Inputs =>
  Object.fromEntries(
    Object.entries(samples[0]!).map(([name, { dims }]) => {
      const size = dims.reduce((a, b) => a * b, 1);
      const data = new Float32Array(size * samples.length);
      for (const [n, one] of samples.entries()) data.set(one[name]!.data, n * size);
      return [name, { type: "float32", dims: [samples.length, ...dims.slice(1)], data }];
    }),
  );

/** By sample: the output of a class less the largest other. `size`: of a batch. */
export const leads = async (
  lit: Explainer,
  rows: readonly Inputs[],
  { target, size }: { readonly target: number; readonly size: number },
): Promise<readonly number[]> => {
  const found: number[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const output = await lit.predict(together(rows.slice(from, from + size)));
    const [count, classes] = output.dims as [number, number];
    if (output.dims.length !== 2 || classes < 2)
      throw fail("Unsupported", {
        what: `an output of ${output.dims.join("×")}`,
        why: "leads are those of a class among others",
      });
    for (let n = 0; n < count; n++) {
      const scores = Array.from({ length: classes }, (_, k) => Number(output.data[n * classes + k]));
      const rival = scores.reduce((most, v, k) => (k === target ? most : Math.max(most, v)), Number.NEGATIVE_INFINITY);
      found.push(scores[target]! - rival);
    }
  }
  return found;
};
