/** Tables from CSV text (csv-parse): delimiter found in the first line, header told from numbers. */
import { fail } from "@backlit/core";

export interface Table {
  /** Names of the columns; absent when the first row is numbers already. */
  readonly header?: readonly string[];
  /** Of equal length. */
  readonly rows: readonly (readonly string[])[];
}

const DELIMITERS = [",", ";", "\t"] as const;
const MISSING = /^(|na|nan|null|none|\?)$/i;

/** Whether a cell of a CSV file is a finite number. */
export const isNumber = (cell: string): boolean => cell !== "" && Number.isFinite(Number(cell));

/** Throws BadInput with the line for what is no table. */
export const readCsv = async (text: string, where: string): Promise<Table> => {
  // The one for browsers runs everywhere; the other needs the Buffer of Node.
  const { parse } = await import("csv-parse/browser/esm/sync");
  const first = /^[^\r\n]*/.exec(text)?.[0] ?? "";
  const delimiter = [...DELIMITERS].sort((a, b) => first.split(b).length - first.split(a).length)[0]!;
  let rows: string[][];
  try {
    rows = parse(text, { bom: true, delimiter, skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw fail("BadInput", { what: "not a table", where, why: (cause as Error).message.split("\n")[0] }, cause);
  }
  const [head, ...rest] = rows;
  if (head === undefined) throw fail("BadInput", { what: "an empty table", where, fix: "give a header and rows of numbers" });
  const plain = (cell: string) => isNumber(cell) || MISSING.test(cell);
  // A row of numbers and words over columns of such is a row already.
  const mixed = head.some(isNumber) && head.every((cell, i) => plain(cell) || rest.some((row) => !plain(row[i]!)));
  const named = !head.every(plain) && !mixed;
  if (named && rest.length === 0) throw fail("BadInput", { what: "a table without rows", where, why: "it holds a header only" });
  return named ? { header: head, rows: rest } : { rows };
};

/** Whether a cell of a CSV file holds nothing. */
export const isMissing = (cell: string): boolean => MISSING.test(cell);

/** A column as numbers; `missing`: NaN where a cell holds nothing. Throws BadInput that names row and column. */
export const numbersOf = ({ header, rows }: Table, column: number, where: string, missing = false): number[] =>
  rows.map((row, i) => {
    const cell = row[column]!;
    if (isNumber(cell)) return Number(cell);
    if (missing && isMissing(cell)) return Number.NaN;
    throw fail("BadInput", {
      what: MISSING.test(cell) ? "a value is missing" : `'${cell}' is no number`,
      where: `${where}, row ${i + 1}, column ${header?.[column] ?? column + 1}`,
      fix: "fill it in, or encode it as the model was trained with",
    });
  });
