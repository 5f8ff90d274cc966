/**
 * The window of the Conv from a ConvTranspose's output y back to its input x: x = ⌊(y + begin + end − reach − 1) / stride⌋ + 1.
 *
 * The padding at the front is given, or half of what is left over where the result's size is: the total is
 * (x − 1)·stride + output_padding + reach + 1 − y, and of an odd one SAME_UPPER puts the larger half behind, everything else before
 * (ONNX Runtime's DistributePadding). What is behind follows from the sizes.
 */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, nodeLabel } from "../graph/graph.ts";
import { getInts, getString } from "../onnx/attributes.ts";
import { reach, type Window, windowOf } from "./window.ts";

/** `end` is negative where y has values that no tap of x reaches. */
export const transposedWindow = (node: GraphNode, facts: Facts, weight: string): Window => {
  const window = windowOf(node, facts, weight);
  const auto = getString(node, "auto_pad", "NOTSET");
  const sized = (getInts(node, "output_shape") ?? []).length > 0;
  const pads = window.kernel.map((_, i): readonly [begin: number, end: number] => {
    const [input, output, stride] = [window.input[i], window.output[i], window.strides[i]!];
    const padding = getInts(node, "output_padding")?.[i] ?? 0;
    const known = typeof input === "number" && typeof output === "number";
    /** Of all that the taps cover, how much is no part of y. */
    const over = (x: number, y: number) => (x - 1) * stride + reach(window, i) + 1 - y;
    if (!sized && !auto.startsWith("SAME")) {
      const begin = window.begin[i]!;
      return [begin, known ? over(input, output) - begin : window.end[i]! - padding];
    }
    if (!known && sized)
      throw fail("Unsupported", {
        what: "ConvTranspose with output_shape on a dynamic size",
        where: `node '${nodeLabel(node)}'`,
        fix: "export with explicit pads",
      });
    // SAME without a size: y = x·stride, whatever x is, as long as the kernel covers that.
    const total = Math.max(0, padding + (known && sized ? over(input, output) : over(1, stride)));
    const half = Math.floor(total / 2);
    const begin = auto === "SAME_UPPER" ? half : total - half;
    return [begin, known ? over(input, output) - begin : total - begin - padding];
  });
  return { ...window, begin: pads.map(([begin]) => begin), end: pads.map(([, end]) => end) };
};
