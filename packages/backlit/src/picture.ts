/** Heatmaps as pictures: PNG files, and lines for the terminal. Relevance by position is the sum over channels; red speaks for the class, blue against it. */
import { fail, type Preprocessor, type RelevanceMap } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "./explained.ts";
import type { Io } from "./io.ts";

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const TERMINAL_WIDTH = 56;

/** PNG. Throws BadInput for relevance that is no picture. */
export const drawHeatmap = async (
  _row: ExplainedRow,
  { relevances }: ExplainedMap,
  value: string,
  preprocessor?: Preprocessor,
): Promise<Uint8Array> => {
  const plane = planeOf(relevances[value]!, preprocessor?.layout ?? "nchw");
  if (plane === undefined)
    throw fail("BadInput", {
      what: `relevance of shape ${relevances[value]!.dims.join("×")} is no picture`,
      fix: "leave --heatmap out; --relevance writes the numbers",
    });
  const { width, height, values } = plane;
  const colour = coloursOf(values);
  const { default: sharp } = await import("sharp");
  return sharp(Uint8Array.from(Array.from(values, colour).flat()), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
};

/** Half blocks in 24-bit colour, two pixels a character; nothing for relevance that is no picture. */
export const drawTerminal = (
  _row: ExplainedRow,
  { relevances }: ExplainedMap,
  value: string,
  preprocessor: Preprocessor | undefined,
  { columns = 80 }: Io,
): readonly string[] => {
  const plane = planeOf(relevances[value]!, preprocessor?.layout ?? "nchw");
  if (plane === undefined) return [];
  const small = shrunk(plane, Math.min(TERMINAL_WIDTH, columns - 2));
  const colour = coloursOf(small.values);
  const at = (x: number, y: number) => colour(small.values[Math.min(y, small.height - 1) * small.width + x]!).join(";");
  return Array.from({ length: Math.ceil(small.height / 2) }, (_, row) => {
    const cells = Array.from({ length: small.width }, (_, x) => `\x1b[38;2;${at(x, 2 * row)};48;2;${at(x, 2 * row + 1)}m▀`);
    return `  ${cells.join("")}\x1b[0m`;
  });
};

const planeOf = ({ dims, data }: RelevanceMap, layout: Preprocessor["layout"]): Plane | undefined => {
  if (dims.length !== 3) return undefined;
  const [a, b, c] = dims as [number, number, number];
  const [channels, height, width] = layout === "nchw" ? [a, b, c] : [c, a, b];
  const values = new Float32Array(width * height);
  data.forEach((value, i) => {
    values[layout === "nchw" ? i % values.length : Math.floor(i / channels)]! += value;
  });
  return { width, height, values };
};

/** White at zero, full red or blue at the largest size. */
const coloursOf = (values: Float32Array): ((value: number) => [number, number, number]) => {
  const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), Number.MIN_VALUE);
  return (value) => {
    const rest = Math.round(255 * (1 - Math.abs(value) / most));
    return value > 0 ? [255, rest, rest] : [rest, rest, 255];
  };
};

/** At most `most` wide: sums over the cells of a coarser grid. */
const shrunk = (plane: Plane, most: number): Plane => {
  const factor = Math.min(1, most / plane.width);
  const [width, height] = [Math.floor(plane.width * factor), Math.max(1, Math.floor(plane.height * factor))];
  const values = new Float32Array(width * height);
  plane.values.forEach((value, i) => {
    const x = Math.floor(((i % plane.width) * width) / plane.width);
    const y = Math.floor((Math.floor(i / plane.width) * height) / plane.height);
    values[y * width + x]! += value;
  });
  return { width, height, values };
};
