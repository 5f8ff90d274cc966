/** A picture and its relevance on a canvas. */
import { type ColorMap, colorAt, diverging, divergingDark, type Plane, rangeOf } from "@backlit/core/render";
import type { ViewData } from "@backlit/workbench";

type PictureData = Extract<ViewData, { kind: "picture" }>;

/** Which of the two is shown. */
export type Mode = "overlay" | "relevance" | "input";

export interface Look {
  readonly mode: Mode;
  /** Of the relevance in the overlay, 0 to 1. */
  readonly opacity: number;
  /** Share of the values, in percent, that lies within the colours. */
  readonly clip: number;
  readonly colours: keyof typeof COLOURS;
  /** Interpolated between positions. */
  readonly smooth: boolean;
}

export const COLOURS = { light: diverging, dark: divergingDark } as const satisfies Record<string, ColorMap>;

/** Small pictures are drawn larger, so that a pixel can be pointed at. */
const LEAST = 448;

/** Opacity |t|^γ: γ below 1 shows weak relevance too. */
const GAMMA = 0.7;

/** Draws in the picture's own shape. `seen`: the picture the model saw. */
export const paint = (canvas: HTMLCanvasElement, plane: Plane, seen: ImageBitmap | undefined, look: Look): void => {
  const { width, height } = seen ?? plane;
  const scale = Math.max(1, LEAST / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d")!;
  const whole = [0, 0, canvas.width, canvas.height] as const;
  if (seen && look.mode !== "relevance") {
    context.imageSmoothingEnabled = Math.max(width, height) > 64;
    context.filter = look.mode === "overlay" ? "grayscale(0.85)" : "none";
    context.drawImage(seen, ...whole);
    context.filter = "none";
  }
  if (seen && look.mode === "input") return;
  context.imageSmoothingEnabled = look.smooth;
  context.imageSmoothingQuality = "high";
  context.drawImage(coloured(plane, look, seen !== undefined && look.mode === "overlay"), ...whole);
};

/** `clear`: what has no relevance is transparent. */
const coloured = (plane: Plane, { colours, clip, opacity }: Look, clear: boolean): OffscreenCanvas => {
  const { width, height, values } = plane;
  const { limit } = rangeOf(plane, clip);
  const map = COLOURS[colours];
  const pixels = new ImageData(width, height);
  values.forEach((value, i) => {
    const t = limit === 0 ? 0 : value / limit;
    const alpha = clear ? opacity * Math.min(1, Math.abs(t)) ** GAMMA : 1;
    // The ends of the colours are near black or white: over a picture their middle reads better.
    pixels.data.set(colorAt(map, clear ? Math.sign(t) * Math.min(0.72, 0.3 + 0.5 * Math.abs(t)) : t), 4 * i);
    pixels.data[4 * i + 3] = Math.round(255 * alpha);
  });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
};

/** The picture the model saw, ready to be drawn. */
export const bitmapOf = ({ seen }: PictureData): Promise<ImageBitmap> | undefined =>
  seen && createImageBitmap(new ImageData(new Uint8ClampedArray(seen.data), seen.width, seen.height));
