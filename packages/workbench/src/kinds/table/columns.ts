/** Which column of a table an input of the model takes, for models with an input a column: exporters rename what the table calls otherwise. */
import type { ValueInfoProto } from "@backlit/core";
import type { Table } from "./csv.ts";

export interface Matched {
  readonly input: ValueInfoProto;
  /** Its column. */
  readonly at: number;
}

export interface Match {
  readonly columns: readonly Matched[];
  /** What the user should know. */
  readonly notice?: string;
}

/** Letters and digits: exporters write `_` or nothing for the others (`sepal length (cm)` → `sepal_length_cm`). */
const bare = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** By name, as it is or but for its signs; else in order, where the model's names only count (`f0`, `Column_3`) or the table has none. */
export const matchColumns = ({ header, rows }: Table, inputs: readonly ValueInfoProto[]): Match => {
  const named = header === undefined ? [] : byName(header, inputs);
  if (header !== undefined && named.length > 0) {
    const other = named.filter(({ input, at }) => header[at] !== input.name);
    return { columns: named, ...(other.length > 0 && { notice: `inputs by their columns' names: ${pairs(header, other)}` }) };
  }
  const order = header === undefined ? inputs : counted(inputs);
  if (order === undefined || inputs.length === 1 || rows[0]!.length !== inputs.length) return { columns: [] };
  const columns = order.map((input, at) => ({ input, at }));
  return {
    columns,
    notice: `columns are taken in order: ${pairs(header ?? rows[0]!.map((_, i) => `column ${i + 1}`), columns)}`,
  };
};

const byName = (header: readonly string[], inputs: readonly ValueInfoProto[]): readonly Matched[] => {
  const bared = header.map(bare);
  return inputs.flatMap((input): readonly Matched[] => {
    const exact = header.indexOf(input.name);
    if (exact >= 0) return [{ input, at: exact }];
    const name = bare(input.name);
    const one = name !== "" && bared.filter((other) => other === name).length === 1;
    const alone = inputs.filter((other) => bare(other.name) === name).length === 1;
    return one && alone ? [{ input, at: bared.indexOf(name) }] : [];
  });
};

/** By their numbers, where all have one name and numbers that leave out none. */
const counted = (inputs: readonly ValueInfoProto[]): readonly ValueInfoProto[] | undefined => {
  const parts = inputs.map((input) => ({ input, found: /^(.*?)(\d+)$/.exec(input.name) }));
  if (parts.some(({ found }) => found === null || found[1] !== parts[0]!.found![1])) return undefined;
  const sorted = parts.map(({ input, found }) => ({ input, n: Number(found![2]) })).sort((a, b) => a.n - b.n);
  return sorted.every(({ n }, i) => n === sorted[0]!.n + i) ? sorted.map(({ input }) => input) : undefined;
};

const SHOWN = 12;
const pairs = (names: readonly string[], columns: readonly Matched[]): string =>
  [
    ...columns.slice(0, SHOWN).map(({ input, at }) => `${input.name} = ${names[at]}`),
    ...(columns.length > SHOWN ? ["…"] : []),
  ].join(", ");
