/**
 * Resize before it had modes of coordinates: x_original = x_resized / scale ("asymmetric"), nearest takes the value before it where a
 * map grows and the one after it where it shrinks. Upsample (opset 7, 9) is the same operator, growing only.
 *
 * Opset 11 knew a mode for nearest that 13 does not: "tf_half_pixel_for_nn", (x + ½)/scale. Its floor is the rounding, halves up, of
 * "half_pixel", (x + ½)/scale − ½.
 */
import { fail } from "../../errors.ts";
import { nodeLabel } from "../../graph/graph.ts";
import { attr, getFloats, getString } from "../../onnx/attributes.ts";
import type { Context, Expansion } from "../pass.ts";

/** `scales`: a value, or numbers. */
const asymmetric = ({ g, facts }: Context, x: string, scales: string | readonly number[], mode: string): readonly string[] => {
  const resize = (value: string, by: string, rounding: string) =>
    g.op("Resize", [value, "", by], {
      mode,
      coordinate_transformation_mode: "asymmetric",
      ...(mode === "nearest" && { nearest_mode: rounding }),
    });
  const numbers = typeof scales === "string" ? facts.numbers(scales) : scales;
  const value = typeof scales === "string" ? scales : g.floats(scales);
  if (mode !== "nearest" || numbers === undefined || numbers.every((s) => s >= 1)) return [resize(x, value, "floor")];
  if (numbers.every((s) => s <= 1)) return [resize(x, value, "ceil")];
  const grown = resize(x, g.floats(numbers.map((s) => Math.max(s, 1))), "floor");
  return [resize(grown, g.floats(numbers.map((s) => Math.min(s, 1))), "ceil")];
};

export const Upsample: Expansion = (node, context) =>
  asymmetric(context, node.input[0]!, node.input[1] ?? getFloats(node, "scales") ?? [], getString(node, "mode", "nearest"));

export const Resize: Expansion = (node, context) => {
  if (context.opset < 11) return asymmetric(context, node.input[0]!, node.input[1]!, getString(node, "mode", "nearest"));
  if (getString(node, "coordinate_transformation_mode") !== "tf_half_pixel_for_nn") return undefined;
  if (getString(node, "nearest_mode", "round_prefer_floor") !== "floor")
    throw fail("Unsupported", {
      what: "coordinates 'tf_half_pixel_for_nn' without nearest_mode 'floor'",
      where: `node ${nodeLabel(node)}`,
      why: "opset 13 took them away",
      fix: "export the model with opset 13 or newer",
    });
  const attribute = [
    ...node.attribute.filter(({ name }) => name !== "coordinate_transformation_mode" && name !== "nearest_mode"),
    attr.string("coordinate_transformation_mode", "half_pixel"),
    attr.string("nearest_mode", "round_prefer_ceil"),
  ];
  return context.g.emit({ opType: "Resize", domain: "", input: node.input, attribute });
};
