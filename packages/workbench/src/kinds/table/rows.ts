/** Rows of a table as feeds: columns in order for one input [N, F], by name or number for a model with an input for every column. */
import { fail, type Tensor, type ValueInfoProto } from "@backlit/core";
import { dimsOf, shapeOf } from "../../models/inputs.ts";
import { rowOf } from "../../samples/feeds.ts";
import type { Sample } from "../../samples/sample.ts";
import { type Matched, matchColumns } from "./columns.ts";
import { isMissing, numbersOf, type Table } from "./csv.ts";
import { isText, takesNaN, tensorOf } from "./types.ts";

export interface TableReading {
  /** The model knows what to do with a value that is missing. */
  readonly missing: boolean;
  /** What the user should know of how it was read. */
  note(text: string): void;
}

/**
 * Columns are features, rows are inputs; or, for a model that takes a series, one column is one series. Cells that hold nothing are NaN, or
 * an empty text, where the model knows missing values. Throws BadInput.
 */
export const tableSamples = (
  table: Table,
  inputs: readonly ValueInfoProto[],
  file: string,
  reading: TableReading,
): readonly Sample[] => {
  const takers = inputs.filter((input) => takesColumn(input, inputs.length === 1));
  const match = matchColumns(table, takers);
  if (match.notice !== undefined) reading.note(`${file}: ${match.notice}`);
  if (match.columns.length > 0) return byName(table, match.columns, file, reading);
  const main = inputs[0]!;
  const dims = dimsOf(main);
  if (isText(main) && inputs.length === 1 && dims.slice(1).every((size) => size === 1))
    return byName(table, [{ input: main, at: textColumn(table, main, file) }], file, { ...reading, note: () => {} });
  if (table.rows[0]!.length === 1 && dims.length >= 2 && dims.at(-1) !== 1 && !isText(main)) return [series(table, main, file)];
  if (takers.length > 1)
    throw fail("BadInput", {
      what: "no column has the name of an input",
      where: file,
      why: `its columns are ${(table.header ?? [`${table.rows[0]!.length} without names`]).join(", ")}; the model's inputs are ${inputs.map(({ name }) => name).join(", ")}`,
      fix: "call the columns as the inputs are called",
    });
  if (dims.length === 2) return byOrder(table, main, file, reading);
  throw fail("BadInput", {
    what: "the model takes no table",
    where: file,
    why: `its input '${main.name}' is ${shapeOf(main)}`,
    fix: "give it an .npy or .npz file",
  });
};

const TEXT = ["text", "sentence", "review", "content", "document"];

/** The column of texts: the only one, or one that is called as such columns are. */
const textColumn = ({ header, rows }: Table, input: ValueInfoProto, file: string): number => {
  const names = header ?? rows[0]!.map((_, i) => `column ${i + 1}`);
  const usual = TEXT.map((name) => names.findIndex((one) => one.trim().toLowerCase() === name)).find((at) => at >= 0);
  const at = names.length === 1 ? 0 : usual;
  if (at === undefined)
    throw fail("BadInput", {
      what: "it is not clear which column holds the texts",
      where: file,
      why: `its columns are ${names.join(", ")}`,
      fix: `call it '${input.name}', or text`,
    });
  return at;
};

/** One value a row: [N, 1] or [N]; an input of any width takes one where it is not the only input. */
const takesColumn = (input: ValueInfoProto, alone: boolean): boolean => {
  const dims = dimsOf(input);
  return dims.length === 1 || (dims.length === 2 && (dims[1] === 1 || (!alone && typeof dims[1] !== "number")));
};

const byName = (table: Table, matched: readonly Matched[], file: string, reading: TableReading): readonly Sample[] => {
  const { header, rows } = table;
  const extra = (header ?? []).filter((_, i) => !matched.some(({ at }) => at === i));
  if (extra.length > 0) reading.note(`${file}: the model does not take ${extra.join(", ")}`);
  const columns = matched.map(({ input, at }) => {
    const dims = dimsOf(input).length === 1 ? [rows.length] : [rows.length, 1];
    return [input.name, cells({ table, columns: [at], file, reading }, dims, input)] as const;
  });
  const features = Object.fromEntries(matched.map(({ input, at }) => [input.name, [header?.[at] ?? input.name]]));
  return perRow(
    { file, feeds: Object.fromEntries(columns), features },
    matched.map(({ input }) => input),
  );
};

const byOrder = (table: Table, input: ValueInfoProto, file: string, reading: TableReading): readonly Sample[] => {
  const [count, wanted] = [table.rows[0]!.length, dimsOf(input)[1]];
  if (typeof wanted === "number" && wanted !== count)
    throw fail("BadInput", {
      what: `a table of ${count} columns`,
      where: file,
      why: `input '${input.name}' takes ${wanted} features`,
      fix:
        count > wanted
          ? "leave out the columns that are no features (an index); --label NAME leaves out the class"
          : "add the columns that are missing",
    });
  const names = table.header ?? Array.from({ length: count }, (_, i) => `feature ${i + 1}`);
  const columns = Array.from({ length: count }, (_, at) => at);
  const feeds = { [input.name]: cells({ table, columns, file, reading }, [table.rows.length, count], input) };
  return perRow({ file, feeds, features: { [input.name]: names } }, [input]);
};

const series = (table: Table, input: ValueInfoProto, file: string): Sample => {
  const values = numbersOf(table, 0, file);
  const dims = dimsOf(input);
  // One channel: [1, L], [1, 1, L] or [1, L, 1].
  const channelsLast = dims.length === 3 && dims[2] === 1;
  const shape = dims.length === 2 ? [1, values.length] : channelsLast ? [1, values.length, 1] : [1, 1, values.length];
  const misfit = shape.findIndex((size, i) => typeof dims[i] === "number" && dims[i] !== size);
  if (misfit >= 0)
    throw fail("BadInput", {
      what: `a series of ${values.length} values`,
      where: file,
      why: `input '${input.name}' takes [${dims.map((d) => d ?? "any").join(", ")}]`,
      fix: "cut or resample it, or give several channels as .npy",
    });
  return { file, feeds: { [input.name]: tensorOf(values, shape, input) }, series: true };
};

interface Cells {
  readonly table: Table;
  /** Their places, in the order the input takes them. */
  readonly columns: readonly number[];
  readonly file: string;
  readonly reading: TableReading;
}

/** Texts for string inputs, numbers for all others. */
const cells = ({ table, columns, file, reading }: Cells, dims: readonly number[], input: ValueInfoProto): Tensor => {
  const all = table.rows.flatMap((row) => columns.map((at) => row[at]!));
  const count = reading.missing ? all.filter(isText(input) ? (cell) => cell === "" : isMissing).length : 0;
  const where = columns.length === 1 ? `column ${input.name}` : `input '${input.name}'`;
  const many = `${file}, ${where}: ${count} of ${all.length} values are missing`;
  if (isText(input)) {
    if (count > 0) reading.note(`${many}: the model gets empty texts for them`);
    return { type: "string", dims, data: all };
  }
  const fits = reading.missing && takesNaN(input);
  const numbers = columns.map((at) => numbersOf(table, at, file, fits));
  if (count > 0) reading.note(`${many}: the model gets NaN for them, which it knows`);
  return tensorOf(
    table.rows.flatMap((_, row) => numbers.map((column) => column[row]!)),
    dims,
    input,
  );
};

/** A model of batch size 1 takes the rows one by one. */
const perRow = (sample: Sample, inputs: readonly ValueInfoProto[]): readonly Sample[] => {
  const rows = Object.values(sample.feeds)[0]!.dims[0]!;
  if (rows === 1 || !inputs.some((input) => dimsOf(input)[0] === 1)) return [sample];
  return Array.from({ length: rows }, (_, row) => ({
    ...sample,
    file: `${sample.file}, row ${row}`,
    feeds: rowOf(sample.feeds, row),
  }));
};
