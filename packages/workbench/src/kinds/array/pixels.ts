/** Arrays of bytes as pictures: [H, W], [H, W, C], [C, H, W], and lists of these. */
import { fail, type Pixels, type Tensor } from "@backlit/core";

export interface PixelArray {
  readonly count: number;
  /** One of the pictures. */
  picture(n: number): Pixels;
}

const isChannels = (size: number | undefined): boolean => size === 1 || size === 3 || size === 4;

/** Of uint8; `list`: the first axis counts pictures, whatever its size. Throws BadInput. */
export const pixelArray = ({ dims, data }: Tensor, where: string, list = false): PixelArray => {
  const single = !list && (dims.length === 2 || (dims.length === 3 && (isChannels(dims[2]) || isChannels(dims[0]))));
  const [count = 0, ...shape] = single ? [1, ...dims] : dims;
  const last = shape.length === 2 || isChannels(shape[2]);
  const first = !last && shape.length === 3 && isChannels(shape[0]);
  if (count === 0 || (!first && !(last && shape.length >= 2 && shape.length <= 3)))
    throw fail("BadInput", {
      what: `an array of shape ${dims.join("×")} is no list of pictures`,
      where,
      fix: "give N×height×width, N×height×width×channels or N×channels×height×width",
    });
  const [height, width, channels] = (first ? [shape[1], shape[2], shape[0]] : [shape[0], shape[1], shape[2] ?? 1]) as [
    number,
    number,
    number,
  ];
  const size = height * width * channels;
  const picture = (n: number): Pixels => {
    const row = (data as Uint8Array).subarray(n * size, (n + 1) * size);
    return { width, height, channels: channels as Pixels["channels"], data: first ? interleaved(row, channels) : row };
  };
  return { count, picture };
};

const interleaved = (planar: Uint8Array, channels: number): Uint8Array => {
  const count = planar.length / channels;
  return Uint8Array.from(planar, (_, i) => planar[(i % channels) * count + Math.floor(i / channels)]!);
};
