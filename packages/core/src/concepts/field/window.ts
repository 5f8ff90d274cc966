/** Which positions before a sliding window each position behind it sees, along one axis. */
import type { GraphNode } from "../../graph/graph.ts";
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { getInts, getString } from "../../onnx/attributes.ts";

/** Positions seen: the first, the last, and every how many; none where all of them are padding. */
export interface Taps {
  readonly first: number;
  readonly last: number;
}

interface Along {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

/** Of convolutions and pools; `axis` counts the spatial axes from 0, `kernel` the window's size along each. */
export const windowTaps = (
  node: GraphNode,
  axis: number,
  { kernel, from, to }: { readonly kernel: readonly number[]; readonly from: number; readonly to: number },
): readonly (Taps | undefined)[] => {
  const along = alongOf(node, axis, { kernel, from, to });
  return Array.from({ length: to }, (_, o) => tapsAt(o, along, from));
};

const alongOf = (
  node: GraphNode,
  axis: number,
  { kernel, from, to }: { readonly kernel: readonly number[]; readonly from: number; readonly to: number },
): Along => {
  const [stride, dilation] = [getInts(node, "strides")?.[axis] ?? 1, getInts(node, "dilations")?.[axis] ?? 1];
  const size = kernel[axis]!;
  const same = getString(node, "auto_pad", "NOTSET").startsWith("SAME");
  const total = Math.max(0, (to - 1) * stride + (size - 1) * dilation + 1 - from);
  const half = getString(node, "auto_pad") === "SAME_LOWER" ? Math.ceil(total / 2) : Math.floor(total / 2);
  return { kernel: size, stride, dilation, pad: same ? half : (getInts(node, "pads")?.[axis] ?? 0) };
};

const tapsAt = (o: number, { kernel, stride, dilation, pad }: Along, size: number): Taps | undefined => {
  const start = o * stride - pad;
  const skipped = Math.ceil(Math.max(0, -start) / dilation);
  const kept = Math.min(kernel - 1, Math.floor((size - 1 - start) / dilation));
  return skipped > kept ? undefined : { first: start + skipped * dilation, last: start + kept * dilation };
};

/** Of transposed convolutions: which inputs have a share in each output. */
export const transposedTaps = (
  node: GraphNode,
  axis: number,
  { kernel, from, to }: { readonly kernel: readonly number[]; readonly from: number; readonly to: number },
): readonly (Taps | undefined)[] => {
  const [stride, dilation] = [getInts(node, "strides")?.[axis] ?? 1, getInts(node, "dilations")?.[axis] ?? 1];
  const more = getInts(node, "output_padding")?.[axis] ?? 0;
  const size = (kernel[axis]! - 1) * dilation + 1;
  const declared = getInts(node, "pads");
  const cut = Math.max(0, (from - 1) * stride + size + more - to);
  const pad = declared?.[axis] ?? (getString(node, "auto_pad") === "SAME_UPPER" ? Math.floor(cut / 2) : Math.ceil(cut / 2));
  return Array.from({ length: to }, (_, o) => {
    const seen = Array.from({ length: kernel[axis]! }, (_, k) => (o + pad - k * dilation) / stride).filter(
      (i) => Number.isInteger(i) && i >= 0 && i < from,
    );
    return seen.length === 0 ? undefined : { first: minOf(seen), last: maxOf(seen) };
  });
};

/** The size of the window along the spatial axes. */
export const kernelOf = (node: GraphNode, weight: readonly (number | null)[] | undefined): readonly number[] | undefined =>
  getInts(node, "kernel_shape") ?? (weight?.slice(2).every((size) => size !== null) ? (weight.slice(2) as number[]) : undefined);
