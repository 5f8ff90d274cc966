/** A picture and its relevance on a canvas: the command's panels, striped where something speaks against. */
import type { Plane, Range, Raster } from "@backlit/core/render";
import { type Drawn, type Ended, type Panels, panelsIn } from "./panels.ts";

const GAP = 8;

/** Gives what it drew. */
export const paint = (canvas: HTMLCanvasElement, drawn: Drawn, look: Ended): Panels => {
  const made = panelsIn(drawn, look);
  const { panels, plane, range } = made;
  const { width, height } = panels[0]!.raster;
  canvas.width = panels.length * (width + GAP) - GAP;
  canvas.height = height;
  const context = canvas.getContext("2d")!;
  panels.forEach(({ name, raster }, i) => {
    context.putImageData(imageOf(raster), i * (width + GAP), 0);
    if (look.stripes && name.startsWith("relevance"))
      context.drawImage(striped(plane, range, { width, height, dark: look.colours === "dark" }), i * (width + GAP), 0);
  });
  return made;
};

const imageOf = ({ data, width, height }: Raster): ImageData => new ImageData(new Uint8ClampedArray(data), width, height);

/** Opacity |t|^γ: γ below 1 shows weak relevance too. */
const GAMMA = 0.7;
/** Weaker relevance has no stripes. */
const FAINT = 0.12;

/** Black, as opaque as what speaks against is strong. */
const against = ({ width, height, values }: Plane, { limit }: Range): OffscreenCanvas => {
  const pixels = new ImageData(width, height);
  values.forEach((value, i) => {
    const t = limit === 0 ? 0 : Math.min(1, -value / limit);
    pixels.data[4 * i + 3] = t > FAINT ? Math.round(255 * t ** GAMMA) : 0;
  });
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
  return canvas;
};

const STRIPE = 7;

interface Size {
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
}

const striped = (plane: Plane, range: Range, { width, height, dark }: Size): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.drawImage(against(plane, range), 0, 0, width, height);
  context.globalCompositeOperation = "source-in";
  // One layer: a stroke of its own would take away what lies outside of it.
  const lines = new OffscreenCanvas(width, height);
  const draw = lines.getContext("2d")!;
  draw.strokeStyle = dark ? "#000" : "#fff";
  draw.lineWidth = 1.5;
  for (let x = -height; x < width; x += STRIPE) {
    draw.moveTo(x, height);
    draw.lineTo(x + height, 0);
  }
  draw.stroke();
  context.drawImage(lines, 0, 0);
  return canvas;
};
