/** A picture as rows of pixels. */

/** Row-major RGBA, 8 bits each: `data.length === width * height * 4`. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}
