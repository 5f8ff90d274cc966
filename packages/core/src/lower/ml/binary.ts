/**
 * Two columns [1 − p, p] with p = σ(z), spelled out behind a model with one logit, are σ of [−z, z]: so the logits of both classes can
 * be explained.
 */
import { getInt } from "../../onnx/attributes.ts";
import { type Expansion, expanding, type Pass } from "../pass.ts";

const Concat: Expansion = (node, { g, facts, producer }) => {
  const [rest, p] = node.input as [string, string?];
  const last = (facts.shape(node.output[0]!)?.length ?? 0) - 1;
  if (p === undefined || node.input.length !== 2 || ![-1, last].includes(getInt(node, "axis", 0))) return undefined;
  const [minus, sigmoid] = [producer(rest), producer(p)];
  if (minus?.opType !== "Sub" || minus.input[1] !== p || sigmoid?.opType !== "Sigmoid") return undefined;
  if (!facts.numbers(minus.input[0])?.every((one) => one === 1)) return undefined;
  const z = sigmoid.input[0]!;
  return [g.op("Sigmoid", [g.op("Concat", [g.op("Neg", [z]), z], { axis: -1 })])];
};

export const binary: Pass = expanding("binary", "written in plain operators", { Concat });
