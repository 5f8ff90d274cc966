/** What an explained input looks like: a picture, words, bars, a line, bytes. Each kind draws itself in every place it can. */
import type { Arrangement, Feature, FloatTensor, Preprocessor, Raster } from "@backlit/core";
import { type ExplainedMap, type ExplainedRow, mapValues } from "../explained.ts";
import type { Io } from "../io.ts";
import { bytesView } from "./bytes.ts";
import { pictureView } from "./picture.ts";
import { seriesView } from "./series.ts";
import { tableView } from "./table.ts";
import { textView } from "./text.ts";

export interface View {
  /** For messages: "a text". */
  readonly what: string;
  /** Lines for the terminal; those of pictures are drawn only where asked for, or in 24-bit colours. */
  terminal(io: Io): readonly string[];
  readonly needsColours?: true;
  /** Parts of a section of an HTML page. */
  html(): { readonly body: string; readonly legend: string };
  svg?(title: string): string;
  /** `input`: what the model saw is shown too; default true. */
  raster?(subtitle: string, options?: { readonly input?: boolean }): Raster;
  /** Further keys of the document of `--json`. */
  json?(): Readonly<Record<string, unknown>>;
}

export interface ViewContext {
  /** The explained values, first the one that is drawn where only one can be. */
  readonly explained: readonly string[];
  /** What the numbers in a row of explained values inside the graph stand for. */
  readonly features?: Readonly<Record<string, readonly Feature[]>>;
  readonly preprocessor?: Preprocessor | undefined;
  /** How the axes of each value's maps lie. */
  readonly drawing?: Readonly<Record<string, Arrangement>> | undefined;
  /** Features shown at most; each view has its own default. */
  readonly top?: number | undefined;
}

export const viewOf = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View => viewAs(row, quiet(map), context);

const viewAs = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View =>
  textView(row, map, context) ??
  bytesView(row, map, context) ??
  tableView(row, map, context) ??
  seriesView(row, map, context) ??
  pictureView(row, map, context);

/** Where there is nothing to explain no colours are stretched to rounding: the map is drawn as zeros, and words say why. */
const quiet = (map: ExplainedMap): ExplainedMap => {
  if (map.note === undefined || map.note.kind === "balance") return map;
  const zeros = (of: ExplainedMap["relevances"]) =>
    mapValues(of, (one): FloatTensor => ({ ...one, data: new Float32Array(one.data.length) }));
  return { ...map, relevances: zeros(map.relevances) };
};
