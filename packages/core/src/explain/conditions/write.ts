/** Conditions as the numbers a mask input takes. */
import { fail } from "../../errors.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { type ChannelMask, type Condition, factorsOf } from "./condition.ts";

export interface Place {
  readonly value: string;
  /** Sizes of one sample, and which of them counts channels. */
  readonly dims: readonly number[];
  readonly axis: number | undefined;
}

/** One row for each condition: [rows, C]; where a condition does not name the value, ones. Errors: BadRecipe. */
export const channelRows = (conditions: readonly Condition[], place: Place): FloatTensor => {
  const size = place.dims[place.axis!]!;
  const rows = conditions.map((condition) => {
    const mask = condition[place.value];
    const row = new Float32Array(size).fill(mask === undefined ? 1 : 0);
    if (mask !== undefined)
      for (const [channel, factor] of factorsOf(mask))
        row[checked(channel, size, place.value, "channel")] = finite(factor, place.value);
    return row;
  });
  return joined(rows, [size]);
};

/** One sample's shape for each condition: [rows, ...dims]. Errors: BadRecipe. */
export const elementRows = (conditions: readonly Condition[], place: Place): FloatTensor =>
  joined(
    conditions.map((condition) => elements(condition[place.value], place)),
    place.dims,
  );

const elements = (mask: ChannelMask | undefined, { value, dims, axis }: Place): Float32Array => {
  const all = new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(mask === undefined ? 1 : 0);
  if (mask === undefined) return all;
  if ("positions" in mask) {
    for (const index of mask.positions) all[flat(index, dims, value)] = 1;
    return all;
  }
  const inner = dims.slice(axis! + 1).reduce((a, b) => a * b, 1);
  const size = dims[axis!]!;
  const put = (channel: number, position: number, factor: number): void => {
    // Positions count the axes before that of the channels and those behind it.
    all[(Math.floor(position / inner) * size + channel) * inner + (position % inner)] = factor;
  };
  const positions = all.length / size;
  if ("neurons" in mask) {
    for (const [channel, list] of Object.entries(mask.neurons))
      for (const position of list)
        put(checked(Number(channel), size, value, "channel"), checked(position, positions, value, "position"), 1);
    return all;
  }
  for (const [channel, factor] of factorsOf(mask))
    for (let position = 0; position < positions; position++)
      put(checked(channel, size, value, "channel"), position, finite(factor, value));
  return all;
};

const flat = (index: readonly number[], dims: readonly number[], value: string): number => {
  if (index.length !== dims.length)
    throw fail("BadRecipe", {
      what: `position ${index.join(",")}`,
      where: `value '${value}'`,
      why: `a sample has ${dims.length} axes`,
    });
  return index.reduce((at, i, axis) => at * dims[axis]! + checked(i, dims[axis]!, value, "index"), 0);
};

const checked = (index: number, size: number, value: string, what: string): number => {
  if (Number.isInteger(index) && index >= 0 && index < size) return index;
  throw fail("BadRecipe", { what: `no ${what} ${index}`, where: `value '${value}'`, why: `it has ${size}, counted from 0` });
};

const finite = (factor: number, value: string): number => {
  if (typeof factor === "number" && Number.isFinite(factor)) return factor;
  throw fail("BadRecipe", { what: `weight ${String(factor)}`, where: `value '${value}'`, fix: "give a finite number" });
};

const joined = (rows: readonly Float32Array[], dims: readonly number[]): FloatTensor => {
  const width = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * width);
  for (const [n, row] of rows.entries()) data.set(row, n * width);
  return { type: "float32", dims: [rows.length, ...dims], data };
};
