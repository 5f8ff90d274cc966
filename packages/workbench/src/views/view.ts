/** What an explained input looks like: a picture, words, bars, a line, bytes. Each kind draws itself in every place it can. */

import type {
  Arrangement,
  Bar,
  ColorMap,
  Feature,
  Figure,
  Look,
  PictureMap,
  PictureOptions,
  Piece,
  Plane,
  Preprocessor,
  Range,
  Raster,
  Visits,
} from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import type { Surface } from "../host/surface.ts";

/** What a view draws, as plain data: for faces that draw it themselves. */
export type ViewData =
  /** `seen`: what the model saw of the picture, at the picture's own resolution; it lies exactly under the plane. `visits`: of the
   *  first layer, to be divided out where the plane is drawn. */
  | { readonly kind: "picture"; readonly plane: Plane; readonly seen?: Raster; readonly visits?: Visits }
  /** Each text in pieces; `limit`: the largest |R| of the words. */
  | { readonly kind: "text"; readonly texts: readonly (readonly Piece[])[]; readonly limit: number }
  | { readonly kind: "table"; readonly bars: readonly Bar[]; readonly limit: number };

/** Where the colours of a map end; only that counts where several maps share it. */
export type Scale = Pick<Range, "limit" | "signed">;

export interface FigureOptions {
  readonly title?: string;
  /** The title where no font has its letters. */
  readonly otherwise?: string;
  /** How it was explained. */
  readonly subtitle?: string;
  /** Shared with the maps beside it, whose legend stands below all of them; default: the map's own, with a legend. */
  readonly scale?: Scale;
}

export interface HtmlParts {
  readonly body: string;
  /** What the colours mean; on a shared scale notes about this map alone. */
  readonly legend: string;
  /** Colours of the map, where they are not the page's own. */
  readonly colors?: ColorMap;
}

export interface View {
  /** For messages: "a text". */
  readonly what: string;
  /** Lines for the terminal; those of pictures are drawn only where asked for, or in 24-bit colours. */
  terminal(io: Surface): readonly string[];
  readonly needsColours?: true;
  /** The first explained value is drawn alone. */
  readonly one?: true;
  /** Several explained values of different kinds, each drawn as what it is. */
  readonly parts?: readonly { readonly title: string; readonly view: View }[];
  /** Parts of a section of an HTML page. `scale`: shared with maps beside it; `input`: what the model saw is shown too, default true. */
  html(options?: { readonly scale?: Scale; readonly input?: boolean }): HtmlParts | Promise<HtmlParts>;
  /** A drawing that stands alone, for SVG, PNG and PDF; absent where the kind has none. */
  figure?(options?: FigureOptions): Figure | Promise<Figure>;
  /** Of a picture: what `pictureFigure` draws, but for its title, so that several maps stand in one. */
  picture?(): { readonly map: Omit<PictureMap, "title">; readonly options: PictureOptions };
  /** The looks that hold for it, where it is no picture. */
  readonly looks?: readonly (keyof Look)[];
  /** Where its colours end. */
  scale?(): Scale;
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
  /** How often the first layer visits the pixels of each value. */
  readonly visits?: Readonly<Record<string, Visits>> | undefined;
  /** The inputs that values inside the graph are looked up by. */
  readonly lookedUp?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The maps of a row are steps of one target. */
  readonly steps?: boolean | undefined;
  /** Features shown at most; each view has its own default. */
  readonly top?: number | undefined;
  /** How pictures are drawn. */
  readonly look?: Look | undefined;
  /** Writes small files for pages; default: PNG. */
  readonly pictures?: Pick<Pictures, "encode"> | undefined;
  /** The share that reached the input is told. */
  readonly ledger?: boolean | undefined;
}
