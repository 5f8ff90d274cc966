/** A picture and its relevance on a canvas. */
import { type ColorMap, colorAt, diverging, divergingDark, type Plane, rangeOf } from "@backlit/core/render";
import type { ViewData } from "@backlit/workbench";
import type { Look, Mode } from "./look.ts";

type PictureData = Extract<ViewData, { kind: "picture" }>;

const COLOURS = { light: diverging, dark: divergingDark } as const satisfies Record<Look["colours"], ColorMap>;

/** Small pictures are drawn larger, so that a pixel can be pointed at. */
const LEAST = 448;

/** Opacity |t|^γ: γ below 1 shows weak relevance too. */
const GAMMA = 0.7;

const GAP = 8;

/** `limit`: where colours end, of maps that share one scale. */
type Ended = Look & { readonly limit?: number | undefined };

/** Draws in the picture's own shape. `seen`: the picture the model saw. */
export const paint = (canvas: HTMLCanvasElement, plane: Plane, seen: ImageBitmap | undefined, look: Ended): void => {
  const { width, height } = seen ?? plane;
  const scale = Math.max(1, LEAST / Math.max(width, height));
  const size = [Math.round(width * scale), Math.round(height * scale)] as const;
  const modes: readonly Mode[] =
    look.mode === "panels" ? (seen ? ["input", "relevance", "overlay"] : ["relevance"]) : [look.mode];
  canvas.width = modes.length * size[0] + (modes.length - 1) * GAP;
  canvas.height = size[1];
  const context = canvas.getContext("2d")!;
  modes.forEach((mode, i) => {
    context.drawImage(panel(plane, seen, { ...look, mode }, size), i * (size[0] + GAP), 0);
  });
};

const panel = (
  plane: Plane,
  seen: ImageBitmap | undefined,
  look: Ended,
  [width, height]: readonly [number, number],
): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  const whole = [0, 0, width, height] as const;
  const { mode, smooth } = look;
  if (seen && mode !== "relevance") {
    context.imageSmoothingEnabled = Math.max(seen.width, seen.height) > 64;
    context.filter = mode === "overlay" ? "grayscale(0.85)" : "none";
    context.drawImage(seen, ...whole);
    context.filter = "none";
    if (mode === "input") return canvas;
  }
  context.imageSmoothingEnabled = smooth;
  context.imageSmoothingQuality = "high";
  if (seen && mode === "masked") {
    context.globalCompositeOperation = "destination-in";
    context.drawImage(spoken(plane, look, 1), ...whole);
    return canvas;
  }
  context.drawImage(coloured(plane, look, seen !== undefined && mode === "overlay"), ...whole);
  if (look.stripes) context.drawImage(striped(plane, look, [width, height]), 0, 0);
  return canvas;
};

/** White, as opaque as what speaks for the class (sign 1) or against it (−1) is strong. */
const spoken = (plane: Plane, { clip, limit: end }: Ended, sign: number, least = 0): OffscreenCanvas => {
  const { width, height, values } = plane;
  const limit = end ?? rangeOf(plane, clip).limit;
  const pixels = new ImageData(width, height);
  values.forEach((value, i) => {
    const t = limit === 0 ? 0 : Math.min(1, Math.max(0, (sign * value) / limit));
    pixels.data[4 * i + 3] = t <= least ? 0 : Math.round(255 * t ** GAMMA);
  });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
};

const STRIPE = 7;

const striped = (plane: Plane, look: Ended, [width, height]: readonly [number, number]): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = look.smooth;
  context.drawImage(spoken(plane, look, -1, 0.12), 0, 0, width, height);
  context.globalCompositeOperation = "source-in";
  // One layer: a stroke of its own would take away what lies outside of it.
  const lines = new OffscreenCanvas(width, height);
  const draw = lines.getContext("2d")!;
  draw.strokeStyle = look.colours === "dark" ? "#000" : "#fff";
  draw.lineWidth = 1.5;
  for (let x = -height; x < width; x += STRIPE) {
    draw.moveTo(x, height);
    draw.lineTo(x + height, 0);
  }
  draw.stroke();
  context.drawImage(lines, 0, 0);
  return canvas;
};

/** `clear`: what has no relevance is transparent. */
const coloured = (plane: Plane, { colours, clip, opacity, limit: end }: Ended, clear: boolean): OffscreenCanvas => {
  const { width, height, values } = plane;
  const limit = end ?? rangeOf(plane, clip).limit;
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
