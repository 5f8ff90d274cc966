/**
 * Positions of an input and of a layer: pictures [C, H, W], signals [C, L], embeddings [L, D]; layers on whatever axes the reading finds
 * them, among them tokens [L, D] that stand for patches of a picture, class and register tokens in front.
 */
import { fail } from "../../errors.ts";
import type { Task } from "../method.ts";

/** Which axis the channels are: the first after the batch, or the last. */
type Side = "first" | "last";

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
export const frameOf = ({ x: { dims }, kind }: Pick<Task, "x" | "kind">): Frame => {
  const [first = 1, ...rest] = dims.slice(1);
  if (kind === "tokens") return { sizes: [first], channels: rest.reduce((a, b) => a * b, 1), side: "last", shared: true };
  return kind === "space"
    ? { sizes: rest, channels: first, side: "first", shared: false }
    : { sizes: [], channels: dims.slice(1).reduce((a, b) => a * b, 1), side: "first", shared: false };
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
export const channelsOf = (name: string, dims: readonly number[], frame: Frame, axis: number): Channels => {
  const own = dims.filter((_, i) => i !== axis);
  const grid = own.length === 1 && frame.sizes.length === 2 ? gridOf(own[0]!, frame.sizes) : undefined;
  const sizes = grid?.sizes ?? own;
  const channels = dims[axis]!;
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const skip = grid?.skip ?? 0;
  const positions = sizes.reduce((a, b) => a * b, 1);
  if (sizes.length !== frame.sizes.length || sizes.length === 0)
    throw fail("BadRecipe", {
      what: `layer '${name}' is no map of the input`,
      why: `its sizes are ${dims.join("×") || "none"}, the input's positions ${frame.sizes.join("×") || "none"}`,
      fix: "name a layer with as many axes of positions",
    });
  const place = (c: number, p: number) => {
    const at = p + skip;
    return (Math.floor(at / inner) * channels + c) * inner + (at % inner);
  };
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
