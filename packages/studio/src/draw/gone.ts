/** A picture without the parts that went first. */
import type { Raster } from "@backlit/core/render";
import type { FlipOrder, Flipped } from "../shown/flipped.ts";

const bitmapOf = ({ data, width, height }: Raster): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return canvas;
};

/** Small pictures are drawn larger. */
const LEAST = 320;

/** Draws `seen` with the first `count` units of the order replaced by what stands in for them. */
export const paintGone = (
  canvas: HTMLCanvasElement,
  seen: Raster,
  { size, places, filled }: Flipped,
  { order, count }: { readonly order: FlipOrder; readonly count: number },
): void => {
  const scale = Math.max(1, LEAST / Math.max(seen.width, seen.height));
  canvas.width = Math.round(seen.width * scale);
  canvas.height = Math.round(seen.height * scale);
  const whole = [0, 0, canvas.width, canvas.height] as const;
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = Math.max(seen.width, seen.height) > 64;
  context.drawImage(bitmapOf(seen), ...whole);
  if (!size || !places) return;
  const gone = new ImageData(size.width, size.height);
  places[order].forEach((place, i) => {
    if (place < count) gone.data[4 * i + 3] = 255;
  });
  const mask = new OffscreenCanvas(size.width, size.height);
  mask.getContext("2d")!.putImageData(gone, 0, 0);
  const layer = new OffscreenCanvas(canvas.width, canvas.height);
  const paint = layer.getContext("2d")!;
  paint.imageSmoothingEnabled = false;
  paint.drawImage(mask, ...whole);
  paint.globalCompositeOperation = "source-in";
  paint.fillStyle = "#808080";
  if (filled) paint.drawImage(bitmapOf(filled), ...whole);
  else paint.fillRect(...whole);
  context.drawImage(layer, 0, 0);
};
