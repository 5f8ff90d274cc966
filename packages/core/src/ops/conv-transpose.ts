/**
 * ConvTranspose: the adjoint of a Conv, so its own adjoint is that Conv. Weights are [C, M/group, k…] for both. With respect to the
 * kernel, input and output change places as well.
 */
import { fail } from "../errors.ts";
import { nodeLabel } from "../graph/graph.ts";
import { getInts } from "../onnx/attributes.ts";
import { biasAdjoint } from "./conv.ts";
import { kernelAdjoint } from "./kernel-adjoint.ts";
import { again, type Op, type Role, type Site, varying } from "./role.ts";
import { reach, type Window, windowOf } from "./window.ts";

export const ConvTranspose: Op = (node, facts) => {
  const [x, weight, bias] = node.input as [string, string, string?];
  const inputs = varying(node, facts);
  if (facts.shapeOf(weight).includes(null)) return "the size of its kernel is dynamic";
  /** The window of the Conv from the output back to the input. */
  const backward = (): Window => {
    const window = windowOf(node, facts, weight);
    const derived = getInts(node, "output_shape") !== undefined || node.attribute.some((a) => a.name === "auto_pad");
    // Where the file names only the result's size, the padding is what is left over.
    const pads = window.kernel.map((_, i) => {
      if (!derived) return [window.begin[i]!, window.end[i]!] as const;
      const [input, output] = [window.input[i], window.output[i]];
      if (typeof input !== "number" || typeof output !== "number")
        throw fail("Unsupported", {
          what: "ConvTranspose with output_shape or auto_pad on a dynamic size",
          where: `node '${nodeLabel(node)}'`,
          fix: "export with explicit pads",
        });
      const total =
        (input - 1) * window.strides[i]! + (getInts(node, "output_padding")?.[i] ?? 0) + reach(window, i) + 1 - output;
      return [Math.floor(total / 2), Math.ceil(total / 2)] as const;
    });
    return { ...window, begin: pads.map((p) => p[0]), end: pads.map((p) => p[1]) };
  };
  const mapAdjoint = ({ g }: Site, s: string, w: string) => {
    const { kernel, strides, dilations, group, begin, end } = backward();
    return g.op("Conv", [s, w], { kernel_shape: kernel, strides, dilations, group, pads: [...begin, ...end] });
  };
  const vjp: Role["vjp"] = (site, [r], i) => {
    if (i === 0) return mapAdjoint(site, r!, weight);
    return i === 1 ? kernelAdjoint(site, r!, x, backward()) : biasAdjoint(site, r!);
  };
  if (inputs.includes(0) && inputs.includes(1)) return { kind: "bilinear", inputs, vjp };
  if (inputs.includes(2)) return "its bias is computed from the input";
  const kernelVaries = inputs[0] === 1;
  return {
    kind: "linear",
    inputs,
    weight: kernelVaries ? x : weight,
    ...(bias && { bias }),
    channelAxis: 1,
    wholeShape: kernelVaries,
    apply: (site, [value], w, b) => again(site, [...(kernelVaries ? [w!, value!] : [value!, w!]), ...(b ? [b] : [])]),
    adjoint: (site, s, _, w) => (kernelVaries ? kernelAdjoint(site, s, w!, backward()) : mapAdjoint(site, s, w!)),
    vjp,
  };
};
