/** Heatmaps as pictures: for files, and for the terminal. */
import type { Preprocessor } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "./explained.ts";
import type { Io } from "./io.ts";

/** PNG. */
export const drawHeatmap = async (
  _row: ExplainedRow,
  _map: ExplainedMap,
  _value: string,
  _preprocessor?: Preprocessor,
): Promise<Uint8Array> => {
  const { encode } = await import("fast-png");
  return encode({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) });
};
export const drawTerminal = async (
  _row: ExplainedRow,
  _map: ExplainedMap,
  _value: string,
  _p: Preprocessor | undefined,
  _io: Io,
): Promise<string[]> => [];
