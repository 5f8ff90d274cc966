/** Pictures by the browser's own decoder. */
import { encodePng, fail, onWhite } from "@backlit/core";
import { checkPixels, type Pictures } from "@backlit/workbench";

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
};
