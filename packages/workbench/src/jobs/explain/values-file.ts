/** All values of a table's explained rows as one table of its own: a line for each row and column. */
import { fail } from "@backlit/core";
import { type ExplainedTable, tablesOf } from "../../kinds/table/rows-table.ts";
import type { OutputFile } from "../output.ts";
import { contextOf } from "./page.ts";
import type { ExplainResult } from "./result.ts";

const HEADER = ["row", "explained", "column", "value", "relevance"] as const;

/** `path`: .csv or .parquet. Errors: Usage where what is explained is no table. */
export const valuesFile = async (path: string, explained: ExplainResult): Promise<OutputFile> => {
  const tables = tablesOf(explained.rows, contextOf(explained));
  if (tables.length === 0)
    throw fail("Usage", { what: "a table of values", where: path, fix: "it is of tables: give a .csv or an .npy of rows" });
  const lines = tables.flatMap(linesOf);
  return { path, chunks: [/\.parquet$/i.test(path) ? await parquet(lines) : csv(lines)] };
};

type Line = readonly [row: number, explained: string, column: string, value: string, relevance: number];

const linesOf = ({ places, title, columns, given, relevance }: ExplainedTable): Line[] =>
  places.flatMap((place, n) =>
    columns.map((column, k): Line => [place, title, column, String(given[n]![k] ?? ""), relevance[n]![k]!]),
  );

const csv = (lines: readonly Line[]): Uint8Array => {
  const cell = (value: string | number) => {
    const text = String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return new TextEncoder().encode(`${[HEADER, ...lines].map((line) => line.map(cell).join(",")).join("\n")}\n`);
};

const parquet = async (lines: readonly Line[]): Promise<Uint8Array> => {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const types = ["INT32", "STRING", "STRING", "STRING", "DOUBLE"] as const;
  const columnData = HEADER.map((name, k) => ({ name, data: lines.map((line) => line[k]), type: types[k]! }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
};
