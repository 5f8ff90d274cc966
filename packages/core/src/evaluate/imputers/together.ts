/**
 * Columns of a table that a group holds together (one-hot, correlated): drawn one by one they would be what no row is, two colours at once.
 * A group's values are those of one row of the data, drawn for each group.
 */
import { groupsOf } from "../../features/groups.ts";
import type { Stream } from "../../numeric/random.ts";
import { sampleOf, widthOf } from "../../tensor/float.ts";
import type { Imputing } from "./imputer.ts";

/** Writes groups of two columns and more over what was drawn; without groups or other rows all stays. */
export const drawnTogether = (values: Float32Array, sample: Imputing, stream: Stream): Float32Array => {
  const { x, n, kind, given } = sample;
  const rows = sample.references ?? sample.others?.x;
  if (kind !== "values" || given?.segments === undefined || rows === undefined || widthOf(rows) !== widthOf(x)) return values;
  const { ids, count } = groupsOf(x, "given", { kind, given: given.segments })[n]!;
  const members = Array.from({ length: count }, (): number[] => []);
  ids.forEach((group, i) => void members[group]!.push(i));
  for (const group of members) {
    if (group.length < 2) continue;
    const row = sampleOf(rows, stream.below(rows.dims[0]!));
    for (const i of group) values[i] = row[i]!;
  }
  return values;
};
