/**
 * SLIC superpixels (Achanta et al. 2012): k-means over colour and place, each centre looking only around itself. With S = √(pixels / count) the distance is
 *   D² = d²_colour + (d_place / S)² · compactness²
 * Colours are the channels of the tensor, divided by the standard deviation of all its values, in float64: compactness has no unit.
 */
import { connected } from "./connected.ts";

export interface SlicOptions {
  readonly height: number;
  readonly width: number;
  /** How many are aimed at; connectivity may change it. */
  readonly count: number;
  readonly compactness: number;
}

const ROUNDS = 10;

/** Labels of the pixels of channels × height × width values, 0 … n − 1 in reading order; every label is one connected piece. */
export const slic = (values: ArrayLike<number>, { height, width, count, compactness }: SlicOptions): Uint32Array => {
  const size = height * width;
  const step = Math.max(1, Math.sqrt(size / count));
  const pixels = interleaved(values, size);
  const channels = pixels.length / size;
  const centres = gridCentres(pixels, channels, height, width, step);
  const n = centres.length / (channels + 2);
  const labels = new Uint32Array(size);
  const distance = new Float64Array(size);
  const place = (compactness / step) ** 2;
  for (let round = 0; round < ROUNDS; round++) {
    distance.fill(Number.POSITIVE_INFINITY);
    for (let k = 0; k < n; k++) {
      const at = k * (channels + 2);
      const [cy, cx] = [centres[at]!, centres[at + 1]!];
      const [top, bottom] = [Math.max(0, Math.ceil(cy - step)), Math.min(height - 1, Math.floor(cy + step))];
      const [left, right] = [Math.max(0, Math.ceil(cx - step)), Math.min(width - 1, Math.floor(cx + step))];
      for (let y = top; y <= bottom; y++)
        for (let x = left; x <= right; x++) {
          const p = y * width + x;
          let d = place * ((y - cy) ** 2 + (x - cx) ** 2);
          for (let c = 0; c < channels; c++) d += (pixels[p * channels + c]! - centres[at + 2 + c]!) ** 2;
          if (d < distance[p]!) {
            distance[p] = d;
            labels[p] = k;
          }
        }
    }
    if (moveCentres(pixels, channels, width, labels, centres) < 1e-6) break;
  }
  return connected(labels, height, width, Math.floor(step ** 2 / 4));
};

/** Pixel by pixel, divided by the standard deviation. */
const interleaved = (values: ArrayLike<number>, size: number): Float64Array => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let square = 0;
  for (let i = 0; i < values.length; i++) square += (values[i]! - mean) ** 2;
  const deviation = Math.sqrt(square / values.length) || 1;
  const channels = values.length / size;
  const pixels = new Float64Array(values.length);
  for (let c = 0; c < channels; c++) for (let p = 0; p < size; p++) pixels[p * channels + c] = values[c * size + p]! / deviation;
  return pixels;
};

/** Rows of (y, x, colour…) on a grid, each moved to the smallest gradient among its neighbours. */
const gridCentres = (pixels: Float64Array, channels: number, height: number, width: number, step: number): Float64Array => {
  const [rows, columns] = [Math.max(1, Math.round(height / step)), Math.max(1, Math.round(width / step))];
  const centres = new Float64Array(rows * columns * (channels + 2));
  for (let k = 0; k < rows * columns; k++) {
    const y = Math.floor(((Math.floor(k / columns) + 0.5) * height) / rows);
    const x = Math.floor((((k % columns) + 0.5) * width) / columns);
    const p = calmest(pixels, channels, height, width, y, x);
    centres.set([Math.floor(p / width), p % width], k * (channels + 2));
    centres.set(pixels.subarray(p * channels, (p + 1) * channels), k * (channels + 2) + 2);
  }
  return centres;
};

const calmest = (pixels: Float64Array, channels: number, height: number, width: number, y: number, x: number): number => {
  const gradient = (r: number, c: number): number => {
    const of = (i: number, j: number) =>
      (Math.min(Math.max(i, 0), height - 1) * width + Math.min(Math.max(j, 0), width - 1)) * channels;
    let sum = 0;
    for (let k = 0; k < channels; k++)
      sum +=
        (pixels[of(r + 1, c) + k]! - pixels[of(r - 1, c) + k]!) ** 2 +
        (pixels[of(r, c + 1) + k]! - pixels[of(r, c - 1) + k]!) ** 2;
    return sum;
  };
  let [best, least] = [y * width + x, gradient(y, x)];
  for (let r = Math.max(0, y - 1); r <= Math.min(height - 1, y + 1); r++)
    for (let c = Math.max(0, x - 1); c <= Math.min(width - 1, x + 1); c++) {
      const g = gradient(r, c);
      if (g < least) [best, least] = [r * width + c, g];
    }
  return best;
};

/** Centres become the means of their pixels. Returns the largest move in pixels. */
const moveCentres = (
  pixels: Float64Array,
  channels: number,
  width: number,
  labels: Uint32Array,
  centres: Float64Array,
): number => {
  const row = channels + 2;
  const sums = new Float64Array(centres.length);
  const counts = new Float64Array(centres.length / row);
  for (let p = 0; p < labels.length; p++) {
    const at = labels[p]! * row;
    counts[labels[p]!]!++;
    sums[at]! += Math.floor(p / width);
    sums[at + 1]! += p % width;
    for (let c = 0; c < channels; c++) sums[at + 2 + c]! += pixels[p * channels + c]!;
  }
  let moved = 0;
  for (let k = 0; k < counts.length; k++) {
    if (counts[k] === 0) continue;
    for (let i = 0; i < row; i++) {
      const mean = sums[k * row + i]! / counts[k]!;
      if (i < 2) moved = Math.max(moved, Math.abs(mean - centres[k * row + i]!));
      centres[k * row + i] = mean;
    }
  }
  return moved;
};
