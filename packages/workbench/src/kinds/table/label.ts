/** The column of a table that holds what is right, and is no feature. */
import type { ValueInfoProto } from "@backlit/core";
import { dimsOf } from "../../models/inputs.ts";
import { isMissing, isNumber, type Table } from "./csv.ts";
import { isText } from "./types.ts";

/** What such a column is usually called. */
export const LABEL_COLUMNS = ["label", "labels", "class", "target", "y", "category"];

/** The column that is called so, however it is written. */
export const columnLike = (names: readonly string[], name: string): string | undefined =>
  names.find((one) => one.trim().toLowerCase() === name);

export interface Labelled {
  /** What the user calls it: its name, or in a table without names its number from 1. */
  readonly label?: string | undefined;
  readonly file: string;
  note(text: string): void;
}

/**
 * The table without that column, wherever it stands. Not told which, one with a usual name is left out with a notice, unless the model
 * has an input of that name or takes as many columns as there are; so is the only one that holds words where the model takes numbers,
 * one fewer than there are columns.
 */
export const withoutLabel = (table: Table, inputs: readonly ValueInfoProto[], { label, file, note }: Labelled): Table => {
  const names = table.header ?? table.rows[0]!.map((_, i) => String(i + 1));
  if (label !== undefined) {
    const own = names.includes(label) ? label : columnLike(names, label.trim().toLowerCase());
    // References may be given without it.
    if (own === undefined) note(`${file}: no column '${label}' to leave out`);
    return own === undefined ? table : without(table, names.indexOf(own));
  }
  if (table.header === undefined || inputs.some(({ name }) => LABEL_COLUMNS.includes(name.toLowerCase()))) return table;
  const wanted = inputs.length === 1 ? dimsOf(inputs[0]!).at(-1) : inputs.length;
  const oneMore = inputs.length === 1 && wanted === names.length - 1 && !isText(inputs[0]!);
  const usual =
    LABEL_COLUMNS.map((name) => columnLike(names, name)).find((name) => name !== undefined) ??
    (oneMore ? onlyWords(table, names) : undefined);
  if (usual === undefined || names.length === 1 || wanted === names.length) return table;
  note(`${file}: column '${usual}' is taken for the label and left out; --label names another`);
  return without(table, names.indexOf(usual));
};

const onlyWords = ({ rows }: Table, names: readonly string[]): string | undefined => {
  const words = names.filter((_, at) => rows.every((row) => !isNumber(row[at]!) && !isMissing(row[at]!)));
  return words.length === 1 ? words[0] : undefined;
};

const without = ({ header, rows }: Table, at: number): Table => {
  const rest = (row: readonly string[]) => row.filter((_, i) => i !== at);
  return { ...(header && { header: rest(header) }), rows: rows.map(rest) };
};
