/** Where objects are, in the model's input: boxes and masks of the picture, carried through resize and crop. */
import { type Geometry, type Plane, type Tensor, toInput, toPicture } from "@backlit/core";
import type { Box, DataItem, LoadedItem } from "./item.ts";

/** Whether any sample says where its object is. */
export const hasMasks = (items: readonly DataItem[], loaded?: LoadedItem): boolean =>
  loaded?.mask !== undefined || items.some(({ objects }) => objects !== undefined && objects.length > 0);

/** A sample, and for each of its objects whether it is of the class asked for. */
export interface Masked {
  readonly item: DataItem;
  readonly loaded: LoadedItem;
  /** Whether a class as written in the data is the one asked for. */
  means(written: string): boolean;
}

/** Float32 [N, 1, H, W]: 1 inside. A sample without a matching object is 0 everywhere. */
export const maskTensor = (samples: readonly Masked[]): Tensor => {
  const { width, height } = sizeOf(samples[0]!.loaded);
  const data = new Float32Array(samples.length * width * height);
  samples.forEach(({ item, loaded, means }, n) => {
    const into = data.subarray(n * width * height, (n + 1) * width * height);
    const { mask, geometry } = loaded;
    if (mask !== undefined) into.set(geometry === undefined ? binary(mask.values) : sampled(mask, geometry));
    else if (geometry !== undefined)
      for (const { box, classes } of item.objects ?? [])
        if (classes === undefined || classes.some(means)) fillBox(into, geometry, box);
  });
  return { type: "float32", dims: [samples.length, 1, height, width], data };
};

const sizeOf = ({ geometry, mask, feeds }: LoadedItem): { readonly width: number; readonly height: number } => {
  if (geometry) return geometry.input;
  if (mask) return mask;
  const [height = 1, width = 1] = Object.values(feeds)[0]!.dims.slice(-2);
  return { width, height };
};

const binary = (values: Float32Array): Float32Array => values.map((value) => Number(value > 0.5));

/** The mask's value under the centre of each pixel of the input; outside the picture 0. */
const sampled = ({ width, height, values }: Plane, geometry: Geometry): Float32Array =>
  Float32Array.from({ length: geometry.input.width * geometry.input.height }, (_, i) => {
    const at = { x: (i % geometry.input.width) + 0.5, y: Math.floor(i / geometry.input.width) + 0.5 };
    const { x, y } = toPicture(geometry, at);
    const [column, row] = [Math.floor((x * width) / geometry.picture.width), Math.floor((y * height) / geometry.picture.height)];
    return column >= 0 && row >= 0 && column < width && row < height && values[row * width + column]! > 0.5 ? 1 : 0;
  });

/** Pixels whose centre lies in the box. */
const fillBox = (into: Float32Array, geometry: Geometry, [left, top, right, bottom]: Box): void => {
  const { width, height } = geometry.input;
  const [from, to] = [toInput(geometry, { x: left, y: top }), toInput(geometry, { x: right, y: bottom })];
  const cells = (low: number, high: number, most: number) =>
    [Math.max(0, Math.ceil(low - 0.5)), Math.min(most, Math.ceil(high - 0.5))] as const;
  const [x0, x1] = cells(from.x, to.x, width);
  const [y0, y1] = cells(from.y, to.y, height);
  for (let y = y0; y < y1; y++) into.fill(1, y * width + x0, y * width + Math.max(x0, x1));
};
