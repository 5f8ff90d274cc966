/** BatchNormalization had outputs for training until opset 13, and until opset 8 could normalise each position apart (`spatial` = 0). */
import { float } from "../../graph/builder.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { Expansion } from "../pass.ts";
import { inTraining } from "./training.ts";

export const BatchNormalization: Expansion = (node, { g, facts }) => {
  const [x, scale, bias, mean, variance] = node.input as [string, string, string, string, string];
  const epsilon = getFloat(node, "epsilon", 1e-5);
  if (node.output.slice(1).some((name) => name !== "")) {
    const shape = facts.shapeOf(x);
    // Weights, standardized: one sample (training.ts says why).
    if (facts.isConstant(x) && shape.length > 2 && shape[0] === 1)
      return [g.op("InstanceNormalization", [x, scale, bias], { epsilon: float(epsilon) })];
    throw inTraining(node, "its result depends on the other samples of the batch");
  }
  if (getInt(node, "spatial", 1) === 1) return [g.op("BatchNormalization", node.input, { epsilon: float(epsilon) })];
  // Parameters lie along all axes but the batch: x a + (β − μ a), a = γ/√(σ² + ε).
  const a = g.div(scale, g.op("Sqrt", [g.add(variance, g.floats(epsilon))]));
  return [g.add(g.mul(x, a), g.sub(bias, g.mul(mean, a)))];
};
