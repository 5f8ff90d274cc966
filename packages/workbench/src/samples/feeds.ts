/** Feeds of several rows, cut into rows and joined again. */
import type { Tensor, TensorData } from "@backlit/core";

/** One row of every input, as a batch of one. */
export const rowOf = (feeds: Readonly<Record<string, Tensor>>, index: number): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const width = data.length / dims[0]!;
      return [name, { type, dims: [1, ...dims.slice(1)], data: data.slice(index * width, (index + 1) * width) as TensorData }];
    }),
  );

export const joined = (parts: readonly Readonly<Record<string, Tensor>>[]): Readonly<Record<string, Tensor>> => {
  if (parts.length === 1) return parts[0]!;
  return Object.fromEntries(Object.keys(parts[0]!).map((name) => [name, concatenate(parts.map((part) => part[name]!))]));
};

/** Along the first axis; all parts have one type and the same other sizes. */
export const concatenate = (parts: readonly Tensor[]): Tensor => {
  const { type, dims, data } = parts[0]!;
  if (parts.length === 1) return parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.dims[0]!, 0);
  const size = parts.reduce((sum, part) => sum + part.data.length, 0);
  if (!ArrayBuffer.isView(data)) return { type, dims: [rows, ...dims.slice(1)], data: parts.flatMap((p) => p.data as string[]) };
  const all = new (data.constructor as new (n: number) => Float32Array)(size);
  let at = 0;
  for (const part of parts) {
    all.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return { type, dims: [rows, ...dims.slice(1)], data: all };
};
