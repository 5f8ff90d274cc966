/**
 * BatchNormalization at inference is y = a ⊙ x + c per channel, a = γ/√(σ² + ε), c = β − μ a.
 *
 * merge into the previous layer:  a (Wx + b) + c = (aW) x + (ab + c)
 * merge into the next layer:      W (ax + c) + b = (Wa) x + (Wc + b), exact only where no zero padding comes between
 *
 * a and c are computed here in double precision; aW stays a node, which the runtime folds when it loads the model.
 */

import { sizeOf } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getFloat, getInt, getInts } from "../onnx/attributes.ts";
import { axisBefore, rearrangedFrom } from "./channels.ts";
import { type Rewrite, unit, type View } from "./rewrite.ts";
import { scaleInputs, scaleOutputs } from "./scale-weight.ts";

interface Affine {
  readonly a: Float64Array;
  readonly c: Float64Array;
}

const LINEAR = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);
const isLinear = (node: GraphNode, view: View): boolean =>
  node.domain === "" &&
  LINEAR.has(node.opType) &&
  view.facts.isConstant(node.input[1]!) &&
  !view.facts.isConstant(node.input[0]!);

/** The affine map of a BatchNormalization, or why it is not known. */
const affineOf = (node: GraphNode, view: View): Affine | string => {
  if (getInt(node, "training_mode", 0) !== 0) return "it is in training mode";
  const [scale, shift, mean, variance] = node.input.slice(1, 5).map((name) => view.facts.numbers(name));
  if (!scale || !shift || !mean || !variance) return "its parameters are not constants";
  const epsilon = getFloat(node, "epsilon", 1e-5);
  const a = Float64Array.from(scale, (s, i) => s / Math.sqrt(variance[i]! + epsilon));
  return { a, c: a.map((v, i) => shift[i]! - mean[i]! * v) };
};

export const mergePrevious: Rewrite = {
  name: "batch-norm-into-previous",
  what: "a BatchNormalization after a linear layer is folded into that layer's weights",
  match(norm, view) {
    if (norm.opType !== "BatchNormalization" || norm.domain !== "") return undefined;
    const { chain, source } = rearrangedFrom(norm.input[0]!, view);
    const linear = view.producer(source);
    if (linear === undefined || !isLinear(linear, view)) return "no linear layer feeds it";
    let axis = 1;
    for (const node of chain) {
      const before = axisBefore(node, axis, view);
      if (before === undefined) return `${node.opType} '${node.name}' mixes its channels`;
      axis = before;
    }
    const channelAxis = linear.opType === "MatMul" ? view.facts.rank(source) - 1 : 1;
    if (axis !== channelAxis) return "it normalises another axis than the layer's channels";
    for (const value of [norm.input[0]!, ...chain.map((node) => node.input[0]!)])
      if (view.soleConsumer(value) === undefined) return "the layer's result before normalisation is used elsewhere";
    const affine = affineOf(norm, view);
    if (typeof affine === "string") return affine;
    const { a, c } = affine;
    const weight = scaleOutputs(linear, a, view);
    const bias = linear.input[2] ? view.facts.numbers(linear.input[2]) : [];
    if (bias === undefined) return "the layer's bias is not known";
    if (bias.length > 1 && bias.length !== a.length) return "the layer's bias is not one number per channel";
    const merged = view.constant(Float32Array.from(a, (v, i) => v * (bias[bias.length === 1 ? 0 : i] ?? 0) + c[i]!));
    const last = chain[0] ?? linear;
    const output = (node: GraphNode) => (node === last ? norm.output.slice(0, 1) : node.output);
    return {
      merged: new Map([[norm.input[0]!, norm.output[0]!]]),
      remove: [norm, linear, ...chain.slice(0, 1)],
      add: [
        withWeights(linear, weight, merged, output(linear), view),
        ...chain.slice(0, 1).map((node) => ({ ...node, output: output(node) })),
      ],
    };
  },
};

export const mergeNext: Rewrite = {
  name: "batch-norm-into-next",
  what: "a BatchNormalization before a linear layer is folded into that layer's weights",
  match(norm, view) {
    if (norm.opType !== "BatchNormalization" || norm.domain !== "") return undefined;
    const direct = view.soleConsumer(norm.output[0]!);
    const flatten = direct !== undefined && (direct.opType === "Flatten" || direct.opType === "Reshape") ? direct : undefined;
    const linear = flatten === undefined ? direct : view.soleConsumer(flatten.output[0]!);
    if (linear === undefined || !isLinear(linear, view)) return "no linear layer alone reads it";
    const affine = affineOf(norm, view);
    if (typeof affine === "string") return affine;
    const shifts = affine.c.some((c) => c !== 0);
    if (linear.opType === "ConvTranspose" && shifts) return "its shift reaches the border of a ConvTranspose unevenly";
    if (
      linear.opType === "Conv" &&
      shifts &&
      ((getInts(linear, "pads") ?? []).some((p) => p !== 0) || !["", "NOTSET", "VALID"].includes(autoPad(linear)))
    )
      return "zero padding comes between: its shift is not the same at the border";
    const shape = view.facts.shapeOf(linear.input[0]!);
    const axis = linear.opType === "MatMul" ? shape.length - 1 : 1;
    const size = shape[axis];
    const repeat = (size ?? 0) / affine.a.length;
    // Flattened, each channel becomes a run of `repeat` inputs: all of the sample and nothing else.
    const sample = sizeOf(view.facts.shapeOf(norm.output[0]!).slice(1));
    if (flatten === undefined ? axis !== 1 || repeat !== 1 : shape.length !== 2 || size !== sample)
      return "its channels are not the layer's inputs";
    const spread = (v: Float64Array) => Float64Array.from({ length: v.length * repeat }, (_, i) => v[Math.floor(i / repeat)]!);
    const { weight, shift } = scaleInputs(linear, spread(affine.a), spread(affine.c), view);
    const bias = linear.input[2] ? view.build.add(shift, linear.input[2]) : shift;
    view.facts.add(bias, view.facts.shapeOf(shift));
    const x = norm.input[0]!;
    return {
      merged: new Map([[norm.output[0]!, norm.input[0]!]]),
      remove: [norm, linear, ...(flatten ? [flatten] : [])],
      add: [
        ...(flatten ? [{ ...flatten, input: [x, ...flatten.input.slice(1)] }] : []),
        withWeights(linear, weight, bias, linear.output, view, flatten ? undefined : x),
      ],
    };
  },
};

const autoPad = (node: GraphNode): string => {
  const pad = node.attribute.find((a) => a.name === "auto_pad")?.s;
  return pad === undefined ? "" : new TextDecoder().decode(pad);
};

/** The layer with other weights. A MatMul has no bias input in ONNX: it becomes a unit of MatMul and Add. */
const withWeights = (
  node: GraphNode,
  weight: string,
  bias: string,
  output: readonly string[],
  view: View,
  x = node.input[0]!,
): GraphNode => {
  const merged = { ...node, input: [x, weight, bias], output };
  if (node.opType !== "MatMul") return merged;
  const product = view.build.name("MatMul");
  view.facts.add(product, view.facts.shapeOf(node.output[0]!), false);
  const plain = { opType: "MatMul", domain: "", name: node.name, input: [x, weight], output: [product], attribute: [] };
  return unit(merged, [
    plain,
    { opType: "Add", domain: "", name: `${node.name}/bias`, input: [product, bias], output, attribute: [] },
  ]);
};
