/**
 * Positions of an input and of a layer, whatever axes they lie on: pictures [C, H, W] or [H, W, C], signals [C, L], embeddings [L, D],
 * convolutional maps [C, h, w], tokens [L, D] that stand for patches of a picture, class and register tokens in front.
 */
import { fail } from "../errors.ts";

/** Which axis the channels are: the first after the batch, or the last. */
export type Side = "first" | "last";

/** Where positions lie in the explained value. */
export interface Frame {
  /** Of the positions: [H, W] of a picture. */
  readonly sizes: readonly number[];
  readonly channels: number;
  readonly side: Side;
  /** Values at a position are one thing (an embedding): a map is shared out among them. */
  readonly shared: boolean;
}

/** Frame of an explained value with its batch axis. */
export const frameOf = (dims: readonly number[], embedded: boolean): Frame => {
  const rest = dims.slice(1);
  const tokens = embedded && rest.length === 2;
  const last = tokens || (rest.length >= 3 && rest.at(-1)! <= 4 && rest[0]! > 4);
  return last
    ? { sizes: rest.slice(0, -1), channels: rest.at(-1)!, side: "last", shared: tokens }
    : { sizes: rest.slice(1), channels: rest[0] ?? 1, side: "first", shared: false };
};

/** Position of element i of a sample. */
export const positionOf = ({ sizes, channels, side }: Frame, i: number): number =>
  side === "last" ? Math.floor(i / channels) : i % sizes.reduce((a, b) => a * b, 1);

/** Numbers of tokens in front of those of patches: none, a class token, one for distillation too, four registers. */
const LEADING = [0, 1, 2, 5];

/** The grid L tokens stand for: the shape of the picture, coarser. Undefined where they fit none. */
export const gridOf = (
  tokens: number,
  [height = 1, width = 1]: readonly number[],
): { readonly sizes: readonly number[]; readonly skip: number } | undefined => {
  for (const skip of LEADING) {
    const count = tokens - skip;
    const h = Math.round(Math.sqrt((count * height) / width));
    if (count > 1 && h > 0 && h * width === (count / h) * height) return { sizes: [h, count / h], skip };
  }
  return undefined;
};

/** A layer's values as channels × positions. */
export interface Channels {
  readonly channels: number;
  readonly sizes: readonly number[];
  readonly positions: number;
  /** Channel by channel, in float64. */
  unfold(data: Float32Array): Float64Array;
  /** The other way, for one channel: calls `each` with every place in the layer's own order. */
  places(channel: number, each: (place: number) => void): void;
}

/** Reads a layer of the given sizes (without the batch). Error BadRecipe where it has no positions like those of the frame. */
export const channelsOf = (name: string, dims: readonly number[], frame: Frame, side: Side | undefined): Channels => {
  const grid = dims.length === 2 && frame.sizes.length === 2 ? gridOf(dims[0]!, frame.sizes) : undefined;
  const last = grid !== undefined || side === "last" || (side === undefined && dims.length === 2 && frame.shared);
  const sizes = grid?.sizes ?? (last ? dims.slice(0, -1) : dims.slice(1));
  const channels = last ? dims.at(-1)! : dims[0]!;
  const skip = grid?.skip ?? 0;
  const positions = sizes.reduce((a, b) => a * b, 1);
  if (sizes.length !== frame.sizes.length || sizes.length === 0)
    throw fail("BadRecipe", {
      what: `layer '${name}' is no map of the input`,
      why: `its sizes are ${dims.join("×") || "none"}, the input's positions ${frame.sizes.join("×") || "none"}`,
      fix: "name a layer with as many axes of positions",
    });
  const place = last ? (c: number, p: number) => (p + skip) * channels + c : (c: number, p: number) => c * positions + p;
  return {
    channels,
    sizes,
    positions,
    unfold: (data) => {
      const out = new Float64Array(channels * positions);
      for (let c = 0; c < channels; c++) for (let p = 0; p < positions; p++) out[c * positions + p] = data[place(c, p)]!;
      return out;
    },
    places: (c, each) => {
      for (let p = 0; p < positions; p++) each(place(c, p));
    },
  };
};
