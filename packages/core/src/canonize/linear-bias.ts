/** x·W followed by + b is one linear layer with a bias: MatMul + Add becomes MatMul(x, W, b), Conv + Add gets Conv's bias input. */
import type { Shape } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { bodyOf, type Rewrite, unit } from "./rewrite.ts";

const CHANNEL_LAST = new Set(["MatMul"]);
const CHANNEL_FIRST = new Set(["Conv", "ConvTranspose"]);

export const linearBias: Rewrite = {
  name: "linear-bias",
  what: "an Add of a constant after MatMul, Conv or ConvTranspose becomes the layer's bias",
  match(add, view) {
    if (add.opType !== "Add" || add.domain !== "") return undefined;
    const { facts } = view;
    const side = add.input.findIndex((name) => facts.isConstant(name));
    const value = add.input[1 - side];
    const linear = side < 0 ? undefined : view.producer(value);
    if (linear === undefined || linear.domain !== "" || !(CHANNEL_LAST.has(linear.opType) || CHANNEL_FIRST.has(linear.opType)))
      return undefined;
    if (!facts.isConstant(linear.input[1]!)) return "the layer's weight is not a constant";
    if (linear.input[2]) return "the layer already has a bias";
    if (view.soleConsumer(value!) !== add) return "the layer's result without the addend is used elsewhere";
    const bias = add.input[side]!;
    const [shape, out] = [facts.shapeOf(bias), facts.shapeOf(value!)];
    const axis = CHANNEL_LAST.has(linear.opType) ? out.length - 1 : 1;
    const reason = perChannel(shape, out, axis);
    if (reason !== undefined) return reason;
    const flat = shape.length <= 1 && !(shape.length === 0 || shape[0] === 1) ? bias : flatten(bias, shape, out[axis]!, view);
    const merged: GraphNode = { ...linear, input: [linear.input[0]!, linear.input[1]!, flat], output: add.output };
    return {
      remove: [linear, add],
      add: [CHANNEL_LAST.has(linear.opType) ? unit(merged, [...bodyOf(linear), add]) : merged],
      merged: new Map([[value!, add.output[0]!]]),
    };
  },
};

/** Why an addend is no bias: it must vary along the channel axis alone. */
const perChannel = (shape: Shape, out: Shape, axis: number): string | undefined => {
  const offset = out.length - shape.length;
  if (offset < 0) return "the addend has more axes than the layer's result";
  const channels = shape[axis - offset];
  if (channels !== undefined && channels !== 1 && channels !== out[axis]) return "the addend widens the layer's result";
  const varies = shape.findIndex((d, i) => d !== 1 && i + offset !== axis);
  return varies < 0 ? undefined : `the addend varies along axis ${varies + offset}, not only along the channels (axis ${axis})`;
};

const flatten = (bias: string, shape: Shape, channels: number, view: Parameters<Rewrite["match"]>[1]): string => {
  const one = shape.every((d) => d === 1);
  const known = view.facts.numbers(bias);
  if (known !== undefined) return view.constant(one ? Array.from({ length: channels }, () => known[0]!) : known);
  const flat = one
    ? view.build.op("Expand", [view.build.op("Reshape", [bias, view.build.ints([1])]), view.build.ints([channels])])
    : view.build.op("Reshape", [bias, view.build.ints([-1])]);
  view.facts.add(flat, [channels]);
  return flat;
};
