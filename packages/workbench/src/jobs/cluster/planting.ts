/** What a region of the input does by itself: taken out of some samples, put into others. */
import { type EvaluationData, type Explainer, type FloatTensor, fail, type Tensor } from "@backlit/core";
import type { Standing } from "./result.ts";

export interface Region {
  /** Cells of the pooled maps. */
  readonly cells: readonly number[];
  readonly pool: number;
  /** Of the maps before pooling: height and width; and the axis along which they were summed. */
  readonly size: readonly [number, number];
  readonly channel: number | undefined;
}

/** 1 for the values of one sample that lie in the region. `dims`: of a batch. */
const maskOf = ({ cells, pool, size: [, width], channel }: Region, dims: readonly number[]): Uint8Array => {
  const own = dims.slice(1);
  const inner = channel === undefined ? 1 : dims.slice(channel + 1).reduce((a, b) => a * b, 1);
  const channels = channel === undefined ? 1 : dims[channel]!;
  const wanted = new Set(cells);
  const columns = Math.ceil(width / pool);
  return Uint8Array.from({ length: own.reduce((a, b) => a * b, 1) }, (_, i) => {
    const position = Math.floor(i / (inner * channels)) * inner + (i % inner);
    const [row, column] = [Math.floor(position / width), position % width];
    return Number(wanted.has(Math.floor(row / pool) * columns + Math.floor(column / pool)));
  });
};

export interface Swap {
  /** Numbers of samples in the data: what is changed, and what its region is taken from, one each. */
  readonly into: readonly number[];
  readonly from: readonly number[];
  readonly region: Region;
  /** Index of the class. */
  readonly target: number;
  /** Samples of the class itself are looked at too; default: those for which another one wins. */
  readonly whole?: boolean;
}

/** As they are, and with the region of the others. Errors: Unsupported where the input is no array of float32, or the output no row of classes. */
export const swapped = async (
  lit: Explainer,
  data: EvaluationData,
  { into, from, region, target, whole = false }: Swap,
): Promise<{ readonly before: Standing; readonly after: Standing }> => {
  const [name] = lit.outline().plan.explained;
  const [before, after]: [number[], number[]] = [[], []];
  const size = data.chunk ?? 16;
  for (let start = 0; start < into.length; start += size) {
    const read = (numbers: readonly number[]) =>
      Promise.all(numbers.slice(start, start + size).map(async (n) => named((await data.read(n, 1)).x, name!)));
    const own = together(await read(into));
    const donor = together(await read(from))[name!]!;
    const mask = maskOf(region, donor.dims);
    const values = own[name!]!.data.map((v, i) => (mask[i % mask.length] ? donor.data[i]! : v));
    const [was, now] = [await leads(lit, own, target), await leads(lit, { ...own, [name!]: { ...donor, data: values } }, target)];
    for (const [n, lead] of was.entries())
      if (whole || lead < 0) {
        before.push(lead);
        after.push(now[n]!);
      }
  }
  return { before: standing(before), after: standing(after) };
};

const standing = (leads: readonly number[]): Standing => {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / (values.length || 1);
  return { wins: mean(leads.map((lead) => Number(lead > 0))), lead: mean(leads) };
};

type Inputs = Readonly<Record<string, FloatTensor>>;

const named = (x: Tensor | Readonly<Record<string, Tensor>>, name: string): Inputs => {
  const all = Array.isArray(x.dims) ? { [name]: x as Tensor } : (x as Readonly<Record<string, Tensor>>);
  for (const one of Object.values(all))
    if (one.type !== "float32")
      throw fail("Unsupported", { what: `an input of type ${one.type}`, why: "regions are swapped in arrays of float32" });
  return all as Inputs;
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

const leads = async (lit: Explainer, x: Inputs, target: number): Promise<readonly number[]> => {
  const { output } = await lit.explain(x, { method: "gradient", onUnsupported: "detach" });
  const [count, classes] = output.dims as [number, number];
  if (output.dims.length !== 2 || classes < 2)
    throw fail("Unsupported", { what: `an output of ${output.dims.join("×")}`, why: "leads are those of a class among others" });
  return Array.from({ length: count }, (_, n) => {
    const scores = Array.from({ length: classes }, (_, k) => Number(output.data[n * classes + k]));
    const rival = scores.reduce((most, v, k) => (k === target ? most : Math.max(most, v)), Number.NEGATIVE_INFINITY);
    return scores[target]! - rival;
  });
};
