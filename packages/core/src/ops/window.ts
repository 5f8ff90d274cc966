/** Geometry of sliding windows (Conv, ConvTranspose, pools), in any number of spatial axes. */
import { fail } from "../errors.ts";
import type { Facts, Shape } from "../graph/facts.ts";
import { type GraphNode, nodeLabel } from "../graph/graph.ts";
import { getInt, getInts, getString } from "../onnx/attributes.ts";

export interface Window {
  readonly rank: number;
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly group: number;
  /** Spatial sizes; null is dynamic. */
  readonly input: Shape;
  readonly output: Shape;
}

export const windowOf = (node: GraphNode, facts: Facts, weight?: string): Window => {
  const input = facts.shapeOf(node.input[0]!).slice(2);
  const output = facts.shapeOf(node.output[0]!).slice(2);
  const rank = input.length;
  const all = (n: number) => Array.from({ length: rank }, () => n);
  const kernel = getInts(node, "kernel_shape") ?? (weight === undefined ? all(1) : (facts.shapeOf(weight).slice(2) as number[]));
  const strides = getInts(node, "strides") ?? all(1);
  const dilations = getInts(node, "dilations") ?? all(1);
  const pads = getInts(node, "pads") ?? all(0).concat(all(0));
  const auto = getString(node, "auto_pad", "NOTSET");
  let [begin, end] = [pads.slice(0, rank), pads.slice(rank)];
  if (auto === "VALID") [begin, end] = [all(0), all(0)];
  else if (auto.startsWith("SAME") && node.opType !== "ConvTranspose") {
    const total = input.map((size, i) => {
      if (size === null && strides[i] !== 1)
        throw fail("Unsupported", {
          what: `auto_pad ${auto} on a dynamic size`,
          where: `node '${nodeLabel(node)}'`,
          fix: "fix the size of the input, or export with explicit pads",
        });
      const out = Math.ceil((size ?? 1) / strides[i]!);
      return Math.max(0, (out - 1) * strides[i]! + dilations[i]! * (kernel[i]! - 1) + 1 - (size ?? 1));
    });
    begin = total.map((n) => (auto === "SAME_LOWER" ? Math.ceil(n / 2) : Math.floor(n / 2)));
    end = total.map((n, i) => n - begin[i]!);
  }
  return { rank, kernel, strides, dilations, begin, end, group: getInt(node, "group", 1), input, output };
};

/** Reach of a dilated kernel beyond its first tap. */
export const reach = (w: Window, i: number): number => w.dilations[i]! * (w.kernel[i]! - 1);

/** End padding with room for a last window that hangs over the edge (ceil_mode). */
export const overhang = (w: Window): readonly number[] =>
  w.end.map((end, i) => {
    const [input, output] = [w.input[i], w.output[i]];
    if (typeof input !== "number" || typeof output !== "number") return end;
    return Math.max(end, (output - 1) * w.strides[i]! + reach(w, i) + 1 - w.begin[i]! - input);
  });
