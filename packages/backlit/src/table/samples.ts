/** Rows of a table as feeds: columns in order for one input [N, F], by name for a model with an input for every column. */
import { arrayOf, fail, type Tensor, type TensorType, tensorType, type ValueInfoProto } from "@backlit/core";
import { rowOf } from "../batches.ts";
import { dimsOf, shapeOf } from "../model/config-files.ts";
import type { Sample } from "../samples.ts";
import { numbersOf, type Table } from "./csv.ts";

/** Columns are features, rows are inputs; or, for a model that takes a series, one column is one series. Throws BadInput. */
export const tableSamples = (
  table: Table,
  inputs: readonly ValueInfoProto[],
  file: string,
  note: (text: string) => void,
): readonly Sample[] => {
  const named = inputs.filter((input) => table.header?.includes(input.name) && takesColumn(input, inputs.length === 1));
  if (named.length > 0) return byName(table, named, file, note);
  const main = inputs[0]!;
  const dims = dimsOf(main);
  if (table.rows[0]!.length === 1 && dims.length >= 2 && dims.at(-1) !== 1) return [series(table, main, file)];
  if (dims.length === 2) return byOrder(table, main, file);
  throw fail("BadInput", {
    what: "the model takes no table",
    where: file,
    why: `its input '${main.name}' is ${shapeOf(main)}`,
    fix: "give it an .npy or .npz file",
  });
};

/** One value a row: [N, 1] or [N]; an input of any width takes one where it is not the only input. */
const takesColumn = (input: ValueInfoProto, alone: boolean): boolean => {
  const dims = dimsOf(input);
  return dims.length === 1 || (dims.length === 2 && (dims[1] === 1 || (!alone && typeof dims[1] !== "number")));
};

const byName = (
  table: Table,
  inputs: readonly ValueInfoProto[],
  file: string,
  note: (text: string) => void,
): readonly Sample[] => {
  const extra = table.header!.filter((name) => !inputs.some((input) => input.name === name));
  if (extra.length > 0) note(`${file}: the model does not take ${extra.join(", ")}`);
  const columns = inputs.map((input) => {
    const at = table.header!.indexOf(input.name);
    const dims = dimsOf(input).length === 1 ? [table.rows.length] : [table.rows.length, 1];
    return [input, cells(table, at, file, dims, input)] as const;
  });
  const feeds = Object.fromEntries(columns.map(([input, tensor]) => [input.name, tensor]));
  const features = Object.fromEntries(columns.map(([input]) => [input.name, [input.name]]));
  return perRow({ file, feeds, features }, inputs);
};

const byOrder = (table: Table, input: ValueInfoProto, file: string): readonly Sample[] => {
  const [count, wanted] = [table.rows[0]!.length, dimsOf(input)[1]];
  if (typeof wanted === "number" && wanted !== count)
    throw fail("BadInput", {
      what: `a table of ${count} columns`,
      where: file,
      why: `input '${input.name}' takes ${wanted} features`,
      fix:
        count > wanted ? "leave out the columns that are no features (the class, an index)" : "add the columns that are missing",
    });
  const columns = Array.from({ length: count }, (_, at) => numbersOf(table, at, file));
  const values = table.rows.flatMap((_, row) => columns.map((column) => column[row]!));
  const names = table.header ?? columns.map((_, i) => `feature ${i + 1}`);
  const feeds = { [input.name]: tensorOf(values, [table.rows.length, count], input) };
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

/** Texts for string inputs, numbers for all others. */
const cells = (table: Table, at: number, file: string, dims: readonly number[], input: ValueInfoProto): Tensor =>
  elementType(input) === "string"
    ? { type: "string", dims, data: table.rows.map((row) => row[at]!) }
    : tensorOf(numbersOf(table, at, file), dims, input);

const elementType = (input: ValueInfoProto): TensorType => tensorType(input.type?.tensorType?.elemType ?? 1);

const tensorOf = (values: readonly number[], dims: readonly number[], input: ValueInfoProto): Tensor => {
  const type = elementType(input);
  const own = type === "int64" || type === "int32" || type === "bool" || type === "float64" ? type : "float32";
  return { type: own, dims, data: arrayOf(own === "int64" ? values.map(Math.round) : values, own) } as Tensor;
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
