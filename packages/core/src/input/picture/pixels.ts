/** A decoded picture: 8-bit samples, interleaved, row by row from the top left. Four channels are RGB and (straight) alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** The picture with `map(source, from, target, to)` applied to each pixel; `from` and `to` are the pixel's first samples. */
const eachPixel = (
  picture: Pixels,
  channels: 1 | 3 | 4,
  map: (source: Uint8Array, from: number, target: Uint8Array, to: number) => void,
): Pixels => {
  const { width, height } = picture;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) map(picture.data, i * picture.channels, data, i * channels);
  return { width, height, channels, data };
};

/**
 * Lays a picture with alpha on white; others are returned as they are. White because the colour stored under transparent
 * pixels is arbitrary (mostly black), a page shows cut-outs on white, and a black ground changes what a classifier sees.
 */
export const onWhite = (picture: Pixels): Pixels =>
  picture.channels !== 4
    ? picture
    : eachPixel(picture, 3, (source, from, target, to) => {
        const alpha = source[from + 3]!;
        for (let c = 0; c < 3; c++) target[to + c] = Math.round((source[from + c]! * alpha + 255 * (255 - alpha)) / 255);
      });

/**
 * The picture with 3 (RGB) or 1 (grey) channels; alpha is laid on white first. Grey is Pillow's "L": ITU-R 601 luma,
 * 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point.
 */
export const withChannels = (picture: Pixels, channels: 1 | 3): Pixels => {
  const opaque = onWhite(picture);
  if (opaque.channels === channels) return opaque;
  return channels === 3
    ? eachPixel(opaque, 3, (source, from, target, to) => target.fill(source[from]!, to, to + 3))
    : eachPixel(opaque, 1, (source, from, target, to) => {
        target[to] = (19595 * source[from]! + 38470 * source[from + 1]! + 7471 * source[from + 2]! + 0x8000) >> 16;
      });
};

/** The samples divided by alpha's share: what resampling must average, so that hidden colours do not bleed (Pillow's "RGBa"). */
export const premultiply = (picture: Pixels): Pixels =>
  eachPixel(picture, 4, (source, from, target, to) => {
    const alpha = source[from + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = source[from + c]! * alpha + 128;
      target[to + c] = ((product >> 8) + product) >> 8; // product / 255, rounded
    }
    target[to + 3] = alpha;
  });

/** The inverse of `premultiply`, up to rounding. */
export const unpremultiply = (picture: Pixels): Pixels =>
  eachPixel(picture, 4, (source, from, target, to) => {
    const alpha = source[from + 3]!;
    for (let c = 0; c < 3; c++) {
      const sample = source[from + c]!;
      target[to + c] = alpha === 0 || alpha === 255 ? sample : Math.min(255, Math.floor((255 * sample) / alpha));
    }
    target[to + 3] = alpha;
  });

/**
 * The window of the given size whose top left lies at (left, top), which may be outside the picture: what lies outside is 0
 * (black), as Hugging Face's and torchvision's centre crops pad.
 */
export const cropPixels = (picture: Pixels, window: { left: number; top: number; width: number; height: number }): Pixels => {
  const { left, top, width, height } = window;
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  const fromX = Math.max(0, left);
  const toX = Math.min(picture.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(picture.height, top + height) && fromX < toX; y++) {
    const row = picture.data.subarray((y * picture.width + fromX) * channels, (y * picture.width + toX) * channels);
    data.set(row, ((y - top) * width + fromX - left) * channels);
  }
  return { width, height, channels, data };
};
