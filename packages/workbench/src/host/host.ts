/** All that a place must offer for the work to be done there: a terminal's machine, a page, a service. */
import type { DrawnText, Pixels, Raster, Runtime, Store } from "@backlit/core";
import type { Files } from "./files.ts";

export interface Host {
  readonly files: Files;
  readonly runtimes: Runtimes;
  readonly pictures: Pictures;
  /** Finished work that is kept under a name: a folder, a data base of the browser. */
  readonly store?: (place: string) => KeptStore;
  /** Models that come with the place, by name. */
  readonly bundled?: Bundled;
  /** Runs what may never end, e.g. a downloaded regular expression, for some seconds at most. Errors: BadInput. */
  readonly limited?: <T>(text: string, seconds: number, run: () => T) => T;
}

export interface Runtimes {
  /** A runtime of its own for each of `count` workers, `threads` of the engine in each: undefined is the engine's choice. */
  several(count: number, threads: number | undefined, note: (text: string) => void): Promise<readonly Runtime[]>;
  /** Things that can be computed at once. */
  readonly cores: number;
}

export interface Pictures {
  /**
   * Upright 8-bit RGB of a picture's bytes, at most `maxPixels`: alpha on white, grey repeated.
   * Errors: BadInput for what cannot be decoded.
   */
  decode(bytes: Uint8Array, options: { readonly name: string; readonly maxPixels: number }): Promise<Pixels>;
  /** The bytes of a small file, for pages: WebP where the place can. */
  encode(raster: Raster): Promise<{ readonly type: string; readonly bytes: Uint8Array }>;
  /** A line of text in the place's fonts, in any script; undefined where none of them has a letter of it. `size`: of the font, in pixels. */
  text?(text: string, options: { readonly size: number; readonly bold: boolean }): Promise<DrawnText | undefined>;
}

export interface KeptStore extends Store {
  /** Units that were there already. */
  readonly hits: number;
}

export interface Bundled {
  readonly names: readonly string[];
  /** The folder of a bundled model. Errors: NotFound where it is not installed. */
  folder(name: string): string;
}

/** Runtimes of a place with one engine: it does one pass at a time, whoever asks, so that all workers have the same. */
export const oneEngine = (make: (note: (text: string) => void) => Promise<Runtime>): Runtimes => ({
  cores: 1,
  several: async (count, _, note) => {
    const engine = await make(note);
    return Array.from({ length: count }, () => engine);
  },
});

/** One runtime that takes what cores there are. */
export const oneRuntime = async ({ runtimes }: Pick<Host, "runtimes">, note: (text: string) => void): Promise<Runtime> =>
  (await runtimes.several(1, undefined, note))[0]!;
