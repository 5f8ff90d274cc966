/**
 * Rows of a picture under Paeth's filter, with what a row adds to its prediction rounded to multiples of a step, where a photograph stands:
 * no value is off by more than half a step, and fewer different numbers are left to be told (as near-lossless JPEG-LS does, ITU-T T.87,
 * with PNG's own predictor).
 */
import { paethOf, type Rows } from "./filter.ts";

/** In pixels of the picture; `right` and `bottom` lie outside. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** `first`: which row of the picture the first one of the data is. */
interface Near {
  readonly photos: readonly Area[];
  readonly step: number;
  readonly first?: number;
}

const PAETH = 4;

/** Each row with the number of its filter in front; rows without a photograph, letters and flat grounds, are told as they are. */
export const nearRows = (data: Uint8Array, { stride, pixel }: Rows, { photos, step, first = 0 }: Near): Uint8Array => {
  const height = data.length / stride;
  const out = new Uint8Array(data.length + height);
  const nothing = new Uint8Array(stride);
  const loose = new Uint8Array(stride);
  let above: Uint8Array = nothing;
  for (let y = 0; y < height; y++) {
    const row = data.slice(y * stride, (y + 1) * stride);
    const told = out.subarray(y * (stride + 1), (y + 1) * (stride + 1));
    const here = photos.filter(({ top, bottom }) => first + y >= top && first + y < bottom);
    loose.fill(0);
    for (const { left, right } of here) loose.fill(1, left * pixel, right * pixel);
    if (here.length === 0) told.set(row, 1);
    else {
      told[0] = PAETH;
      for (let x = 0; x < stride; x++) {
        const [left, corner] = x < pixel ? [0, 0] : [row[x - pixel]!, above[x - pixel]!];
        const predicted = paethOf(left, above[x]!, corner);
        if (loose[x] === 1) {
          const near = predicted + Math.round((row[x]! - predicted) / step) * step;
          if (near >= 0 && near <= 255) row[x] = near;
        }
        told[x + 1] = row[x]! - predicted;
      }
    }
    above = row;
  }
  return out;
};
