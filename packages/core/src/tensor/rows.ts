/** Rows of tensors: what lies along the first axis. */
import { widthOf } from "./float.ts";
import type { Tensor, TensorData } from "./tensor.ts";

/** A copy of the rows from `from` to before `to`. */
export const rowsBetween = (tensor: Tensor, from: number, to: number): Tensor => {
  const width = widthOf(tensor);
  return { ...tensor, dims: [to - from, ...tensor.dims.slice(1)], data: tensor.data.slice(from * width, to * width) } as Tensor;
};

/** All rows, one part's after the other's; at least one part, of one type and one shape of a row. */
export const rowsJoined = <T extends Tensor>(parts: readonly T[]): T => {
  const first = parts[0]!;
  const dims = [parts.reduce((rows, part) => rows + part.dims[0]!, 0), ...first.dims.slice(1)];
  if (first.type === "string") return { ...first, dims, data: parts.flatMap((part) => part.data as readonly string[]) };
  const kind = first.data.constructor as new (length: number) => Exclude<TensorData, readonly string[]>;
  const data = new kind(parts.reduce((length, part) => length + part.data.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part.data as never, at);
    at += part.data.length;
  }
  return { ...first, dims, data };
};
