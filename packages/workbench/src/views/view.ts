/** What an explained input looks like: a picture, words, bars, a line, bytes. Each kind draws itself in every place it can. */

import type { Arrangement, Bar, Feature, Piece, Plane, Preprocessor, Raster } from "@backlit/core";
import type { Surface } from "../host/surface.ts";

/** What a view draws, as plain data: for faces that draw it themselves. */
export type ViewData =
  /** `seen`: what the model saw of the picture, at the picture's own resolution; it lies exactly under the plane. */
  | { readonly kind: "picture"; readonly plane: Plane; readonly seen?: Raster }
  /** Each text in pieces; `limit`: the largest |R| of the words. */
  | { readonly kind: "text"; readonly texts: readonly (readonly Piece[])[]; readonly limit: number }
  | { readonly kind: "table"; readonly bars: readonly Bar[]; readonly limit: number };

export interface View {
  /** For messages: "a text". */
  readonly what: string;
  /** Lines for the terminal; those of pictures are drawn only where asked for, or in 24-bit colours. */
  terminal(io: Surface): readonly string[];
  readonly needsColours?: true;
  /** Parts of a section of an HTML page. */
  html(): { readonly body: string; readonly legend: string };
  /** A drawing that stands alone; absent where the kind has none. */
  svg?(title: string): string;
  /** `input`: what the model saw is shown too; default true. */
  raster?(subtitle: string, options?: { readonly input?: boolean }): Raster;
  /** Absent where a kind is drawn as SVG only. */
  data?(): ViewData;
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
  /** The inputs that values inside the graph are looked up by. */
  readonly lookedUp?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Features shown at most; each view has its own default. */
  readonly top?: number | undefined;
}
