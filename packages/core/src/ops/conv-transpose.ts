/** ConvTranspose: the adjoint of a Conv, so its own adjoint is that Conv. Weights are [C, M/group, k…] for both. */
import { fail } from "../errors.ts";
import { nodeLabel } from "../graph/graph.ts";
import { getInts } from "../onnx/attributes.ts";
import { again, type LinearRole, type Op } from "./role.ts";
import { reach, windowOf } from "./window.ts";

export const ConvTranspose: Op = (node, facts) => {
  const [, weight, bias] = node.input as [string, string, string?];
  if (!facts.isConstant(weight)) return "its kernel is computed from the input";
  const role: LinearRole = {
    kind: "linear",
    inputs: [0],
    weight,
    ...(bias && { bias }),
    channelAxis: 1,
    apply: (site, [input], w, b) => again(site, [input!, w!, ...(b ? [b] : [])]),
    adjoint: ({ g }, s, _, w) => {
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
      const { kernel, strides, dilations, group } = window;
      return g.op("Conv", [s, w!], {
        kernel_shape: kernel,
        strides,
        dilations,
        group,
        pads: [...pads.map((p) => p[0]), ...pads.map((p) => p[1])],
      });
    },
    vjp: (site, [g]) => role.adjoint(site, g!, 0, weight),
  };
  return role;
};
