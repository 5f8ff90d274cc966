/** Every score of every sample in long form, as CSV and as Parquet. */
import type { EvaluationResult } from "@backlit/core";
import { csvCell } from "./long-table.ts";

const COLUMNS = ["metric", "unit", "imputer", "score_kind", "score", "method", "draw", "sample", "value"] as const;

interface ScoreRow extends Readonly<Record<Exclude<(typeof COLUMNS)[number], "draw" | "value">, string>> {
  /** Of random maps. */
  readonly draw: number | null;
  /** Null where the score is undefined. */
  readonly value: number | null;
}

function* rowsOf({ tables, settings, methods, samples }: EvaluationResult): Generator<ScoreRow> {
  for (const { setting, score, values } of tables) {
    const { metric, params } = settings[setting]!;
    const text = (key: string) => (params[key] === undefined ? "" : String(params[key]));
    const own = { metric, unit: text("unit"), imputer: text("imputer"), score_kind: text("score"), score };
    let draw = 0;
    for (const [m, method] of methods.entries()) {
      const which = { method: method.name, draw: method.random ? draw++ : null };
      for (const [n, value] of values[m]!.entries()) yield { ...own, ...which, sample: samples[n]!.name, value };
    }
  }
}

/** RFC 4180, a line a score; nothing where there is none. */
export function* scoresCsv(result: EvaluationResult): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${COLUMNS.join(",")}\n`);
  for (const row of rowsOf(result)) yield encoder.encode(`${COLUMNS.map((column) => csvCell(row[column])).join(",")}\n`);
}

export const scoresParquet = async (result: EvaluationResult): Promise<Uint8Array> => {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const rows = [...rowsOf(result)];
  const buffer = parquetWriteBuffer({
    columnData: COLUMNS.map((name) => ({
      name,
      data: rows.map((row) => row[name]),
      type: name === "value" ? ("DOUBLE" as const) : name === "draw" ? ("INT32" as const) : ("STRING" as const),
      nullable: name === "value" || name === "draw",
    })),
  });
  return new Uint8Array(buffer);
};
