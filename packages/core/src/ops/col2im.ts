/**
 * Col2Im: columns of windows [N, C·k…, L] laid back on an image, overlapping values added up. The adjoint reads the windows off again: a
 * depthwise convolution with one-hot kernels.
 */
import { getInts } from "../onnx/attributes.ts";
import type { Op } from "./role.ts";

export const Col2Im: Op = (node, facts) => {
  const [x, , block] = node.input as [string, string, string];
  const kernel = facts.numbers(block);
  const channels = facts.shapeOf(node.output[0]!)[1];
  if (kernel === undefined || typeof channels !== "number") return "the size of its windows is computed from the input";
  return {
    kind: "structural",
    inputs: [0],
    adds: true,
    nonnegative: (input) => input(0),
    vjp: ({ g }, [r]) => {
      const cells = kernel.reduce((a, b) => a * b, 1);
      const eye = new Float32Array(cells * cells);
      for (let i = 0; i < cells; i++) eye[i * cells + i] = 1;
      const oneHot = g.floats(eye, [cells, 1, ...kernel]);
      const given = Object.fromEntries(
        ["strides", "dilations", "pads"].flatMap((name) => {
          const value = getInts(node, name);
          return value === undefined ? [] : [[name, value]];
        }),
      );
      const weight = g.op("Tile", [oneHot, g.ints([channels, 1, ...kernel.map(() => 1)])]);
      const windows = g.op("Conv", [r!, weight], { ...given, kernel_shape: kernel, group: channels });
      return g.reshape(windows, facts.shapeOf(x), x);
    },
  };
};
