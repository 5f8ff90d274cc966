/** Pictures by the browser's own decoder. */
import { type DrawnText, encodePng, fail, onWhite } from "@backlit/core";
import { checkPixels, drawnOrMissing, type Pictures } from "@backlit/workbench";

const canvasOf = (width: number, height: number): { canvas: OffscreenCanvas; paint: OffscreenCanvasRenderingContext2D } => {
  const canvas = new OffscreenCanvas(width, height);
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  if (paint) return { canvas, paint };
  throw fail("Unsupported", { what: "pictures cannot be drawn", why: "the browser gives no canvas" });
};

/** Stored samples are taken as they are, without colour profiles, as where models were trained; the EXIF orientation is applied. */
export const webPictures: Pictures = {
  decode: async (bytes, limits) => {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    const bitmap = await createImageBitmap(blob, {
      imageOrientation: "from-image",
      premultiplyAlpha: "none",
      colorSpaceConversion: "none",
    });
    try {
      const { width, height } = bitmap;
      checkPixels(width, height, limits);
      const { paint } = canvasOf(width, height);
      paint.drawImage(bitmap, 0, 0);
      const { data } = paint.getImageData(0, 0, width, height);
      return onWhite({ width, height, channels: 4, data: new Uint8Array(data.buffer) });
    } finally {
      bitmap.close();
    }
  },
  encode: async (raster) => {
    const { canvas, paint } = canvasOf(raster.width, raster.height);
    paint.putImageData(new ImageData(new Uint8ClampedArray(raster.data), raster.width, raster.height), 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.82 });
    // What a browser cannot write it writes as PNG.
    if (blob.type !== "image/webp") return { type: "image/png", bytes: encodePng(raster) };
    return { type: blob.type, bytes: new Uint8Array(await blob.arrayBuffer()) };
  },
  text: (text, { size, bold }) => drawnOrMissing(text, async (line) => drawLine(line, size, bold)),
};

/** In the browser's fonts. */
const drawLine = (text: string, size: number, bold: boolean): DrawnText => {
  const font = `${bold ? "600 " : ""}${size}px system-ui, sans-serif`;
  const measure = canvasOf(1, 1).paint;
  measure.font = font;
  const width = Math.max(1, Math.ceil(measure.measureText(text).width));
  const [height, ascent] = [Math.ceil(size * 2), Math.ceil(size * 1.4)];
  const { paint } = canvasOf(width, height);
  paint.font = font;
  paint.fillText(text, 0, ascent);
  const { data } = paint.getImageData(0, 0, width, height);
  return { width, height, ascent, cover: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i + 3]!) };
};
