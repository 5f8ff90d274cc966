/** Charts over the rows of a table, drawn by the pieces that reports have; they are fetched when they are asked for. */
import { fail } from "@backlit/core";
import type { ChartsOfRows } from "@backlit/workbench";
import { explained } from "./explained.ts";
import type { RowsAsk } from "./messages.ts";

/** Errors: those of explaining; Unsupported where what is explained is no table. */
export const rows = async (asked: RowsAsk, progress: (text: string) => void): Promise<ChartsOfRows> => {
  const { result } = await explained(asked, progress);
  const { chartsOfRows } = await import("./rows-drawn.ts");
  const charts = chartsOfRows(result, { row: asked.row });
  if (charts === undefined) throw fail("Unsupported", { what: "charts over rows", why: "what is explained is no table" });
  return charts;
};
