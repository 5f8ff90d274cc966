/** RNN (Elman 1990; ONNX): h′ = tanh([x, h]·[W, R]ᵀ + b). */
import { recurrent } from "./layer.ts";

export const RNN = recurrent({
  gates: 1,
  states: 1,
  activations: ["Tanh"],
  step:
    (direction) =>
    (x, [h]) => [direction.activations[0]!.of(direction.clipped(direction.joint(x, h, [0, 1])))],
});
