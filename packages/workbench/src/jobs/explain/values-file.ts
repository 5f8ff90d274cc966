/** All values of a table's explained rows as one table of its own: a line for each row and column. */
import { fail } from "@backlit/core";
import { type ExplainedTable, tablesOf } from "../../kinds/table/rows-table.ts";
import { type LongLine, longTable } from "../../report/long-table.ts";
import type { OutputFile } from "../output.ts";
import { contextOf } from "./page.ts";
import type { ExplainResult } from "./result.ts";

const COLUMNS = [
  { name: "row", type: "INT32" },
  { name: "explained", type: "STRING" },
  { name: "column", type: "STRING" },
  { name: "value", type: "STRING" },
  { name: "relevance", type: "DOUBLE" },
] as const;

/** `path`: .csv or .parquet. Errors: Usage where what is explained is no table. */
export const valuesFile = async (path: string, explained: ExplainResult): Promise<OutputFile> => {
  const tables = tablesOf(explained.rows, contextOf(explained));
  if (tables.length === 0)
    throw fail("Usage", { what: "a table of values", where: path, fix: "it is of tables: give a .csv or an .npy of rows" });
  return { path, chunks: [await longTable(path, COLUMNS, tables.flatMap(linesOf))] };
};

const linesOf = ({ places, title, columns, given, relevance }: ExplainedTable): LongLine[] =>
  places.flatMap((place, n) =>
    columns.map((column, k): LongLine => [place, title, column, String(given[n]![k] ?? ""), relevance[n]![k]!]),
  );
