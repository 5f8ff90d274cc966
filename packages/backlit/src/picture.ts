/** Heatmaps as pictures: PNG files, and lines for the terminal. */
import { fail, type Preprocessor, type RelevanceMap } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "./explained.ts";
import type { Io } from "./io.ts";

/** Relevance by position: the sum over channels. Throws BadInput for what is no picture. */
const plane = ({ dims, data }: RelevanceMap, layout: Preprocessor["layout"]) => {
  const [a = 0, b = 0, c = 0] = dims;
  if (dims.length !== 3)
    throw fail("BadInput", {
      what: `relevance of shape ${dims.join("×")} is no picture`,
      fix: "leave --heatmap out; --relevance writes the numbers",
    });
  const [channels, height, width] = layout === "nchw" ? [a, b, c] : [c, a, b];
  const values = new Float32Array(width * height);
  data.forEach((value, i) => {
    values[layout === "nchw" ? i % values.length : Math.floor(i / channels)]! += value;
  });
  return { width, height, values };
};

/** PNG. */
export const drawHeatmap = async (
  _row: ExplainedRow,
  { relevances }: ExplainedMap,
  value: string,
  preprocessor?: Preprocessor,
): Promise<Uint8Array> => {
  const { width, height, values } = plane(relevances[value]!, preprocessor?.layout ?? "nchw");
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), Number.MIN_VALUE);
  const rgb = Uint8Array.from({ length: 3 * values.length }, (_, i) => {
    const t = values[Math.floor(i / 3)]! / most;
    const channel = i % 3;
    return 255 * (1 - Math.abs(t) * Number(t > 0 ? channel !== 0 : channel !== 2));
  });
  const { default: sharp } = await import("sharp");
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
};

export const drawTerminal = async (
  _row: ExplainedRow,
  _map: ExplainedMap,
  _value: string,
  _preprocessor: Preprocessor | undefined,
  _io: Io,
): Promise<readonly string[]> => [];
