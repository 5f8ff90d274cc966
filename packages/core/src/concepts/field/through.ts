/** What a node's output sees of the input, given what its inputs see. */
import type { Facts, Shape } from "../../graph/facts.ts";
import type { GraphNode } from "../../graph/graph.ts";
import { getInt, getInts, getString } from "../../onnx/attributes.ts";
import { collapsed, type Field, moved, type Spans, together, unionOf } from "./span.ts";
import { kernelOf, type Taps, transposedTaps, windowTaps } from "./window.ts";

interface Site {
  readonly node: GraphNode;
  readonly facts: Facts;
  readonly from: Shape;
  readonly to: Shape;
  /** Which of the node's inputs the field is of. */
  readonly i: number;
}

type Through = (field: Field, site: Site) => Field;

const windows =
  (tapsOf: typeof windowTaps): Through =>
  (field, { node, facts, from, to }) => {
    const kernel = kernelOf(node, facts.shape(node.input[1] ?? ""));
    if (kernel === undefined) return collapsed(field);
    return moved(
      collapsed(field, (axis) => axis < 2),
      (axis, spans) => {
        const taps = tapsOf(node, axis - 2, { kernel, from: from[axis]!, to: to[axis]! });
        return { axis, spans: taps.map((seen) => seenBy(seen, spans)) };
      },
    );
  };

/** Between the first and the last tap: what lies between sees nothing further out. */
const seenBy = (taps: Taps | undefined, spans: Spans) => taps && unionOf(spans.slice(taps.first, taps.last + 1));

/** Sizes from the last axis on that are the same before and after keep their places. */
const reshape: Through = (field, { from, to }) => {
  let same = 0;
  while (same < Math.min(from.length, to.length) && from.at(-1 - same) === to.at(-1 - same)) same += 1;
  const kept = collapsed(field, (axis) => axis < from.length - same);
  return moved(kept, (axis, spans) => ({ axis: axis + to.length - from.length, spans }));
};

/** Of broadcasting operators: an axis of size 1 is seen at all positions. */
const broadcast: Through = (field, { from, to }) => {
  const shift = to.length - from.length;
  return moved(
    collapsed(field, (axis) => from[axis] !== to[axis + shift]),
    (axis, spans) => ({ axis: axis + shift, spans }),
  );
};

const transpose: Through = (field, { node, from }) => {
  const perm = getInts(node, "perm") ?? [...from.keys()].reverse();
  return moved(field, (axis, spans) => ({ axis: perm.indexOf(axis), spans }));
};

const pad: Through = (field, { node, facts, from, to }) => {
  const pads = node.input[1] === undefined ? getInts(node, "pads") : facts.numbers(node.input[1]);
  const named = node.input[3] !== undefined && node.input[3] !== "";
  if (getString(node, "mode", "constant") !== "constant" || pads === undefined || named)
    return collapsed(field, (axis) => from[axis] !== to[axis]);
  return moved(field, (axis, spans) => {
    const before = Number(pads[axis]);
    return { axis, spans: Array.from({ length: to[axis]! }, (_, p) => spans[p - before]) };
  });
};

const concat: Through = (field, { node, facts, to, i }) => {
  const along = getInt(node, "axis", 0);
  const axis = along < 0 ? along + to.length : along;
  const before = node.input.slice(0, i).reduce((sum, name) => sum + (facts.shape(name)?.[axis] ?? 0), 0);
  return moved(field, (own, spans) =>
    own === axis ? { axis, spans: Array.from({ length: to[axis]! }, (_, p) => spans[p - before]) } : { axis: own, spans },
  );
};

/** The last axis of the first input is summed over, the last but one of the second. */
const matmul: Through = (field, { from, to, i }) => {
  const summed = i === 0 ? from.length - 1 : Math.max(0, from.length - 2);
  return from.length === to.length ? collapsed(field, (axis) => axis === summed) : collapsed(field);
};

/** Positions along the axes that are summed up are one. */
const reduce: Through = (field, { node, facts, from, to }) => {
  const named = getInts(node, "axes") ?? (node.input[1] ? facts.numbers(node.input[1]) : undefined);
  if (named === undefined) return collapsed(field);
  const gone = new Set(Array.from(named, (axis) => (Number(axis) < 0 ? Number(axis) + from.length : Number(axis))));
  const kept = collapsed(field, (axis) => gone.has(axis));
  if (from.length === to.length) return kept;
  return moved(kept, (axis, spans) => ({ axis: axis - [...gone].filter((other) => other < axis).length, spans }));
};

/** Positions along the axes that are mixed see each other. */
const mixing =
  (mixed: (site: Site) => (axis: number) => boolean): Through =>
  (field, site) =>
    collapsed(field, mixed(site));

const alongAxis = ({ node, from }: Site) => {
  const axis = getInt(node, "axis", -1);
  return (own: number) => own === (axis < 0 ? axis + from.length : axis);
};
const fromAxis = ({ node, from }: Site) => {
  const axis = getInt(node, "axis", -1);
  return (own: number) => own >= (axis < 0 ? axis + from.length : axis);
};

/** Axes that keep their sizes stay in place, where the rank does. */
const keeping: Through = (field, { from, to }) =>
  from.length === to.length ? collapsed(field, (axis) => from[axis] !== to[axis]) : reshape(field, { from, to } as Site);

const THROUGH: Readonly<Record<string, Through>> = {
  ...each(["Conv", "MaxPool", "AveragePool", "LpPool"], windows(windowTaps)),
  ConvTranspose: windows(transposedTaps),
  ...each(["Reshape", "Flatten", "Squeeze", "Unsqueeze"], reshape),
  Transpose: transpose,
  Pad: pad,
  Concat: concat,
  MatMul: matmul,
  ...each(["ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare"], reduce),
  ...each(["Softmax", "LogSoftmax", "Hardmax", "CumSum", "LpNormalization"], mixing(alongAxis)),
  LayerNormalization: mixing(fromAxis),
  ...each(
    ["InstanceNormalization", "GroupNormalization", "MeanVarianceNormalization"],
    mixing(() => () => true),
  ),
  ...each(["Slice", "Split", "Gather", "Resize", "Upsample", "Expand", "DepthToSpace", "SpaceToDepth"], keeping),
  ...each(
    ["Add", "Sub", "Mul", "Div", "Sum", "Mean", "Max", "Min", "Pow", "PRelu", "Where", "Equal", "Greater", "Less", "And", "Or"],
    broadcast,
  ),
};

function each(names: readonly string[], through: Through): Record<string, Through> {
  return Object.fromEntries(names.map((name) => [name, through]));
}

/** Of one element each: what keeps its shape. */
const ELEMENTWISE =
  /^(Relu|LeakyRelu|Elu|Selu|Celu|ThresholdedRelu|Clip|Sigmoid|HardSigmoid|Tanh|Erf|Gelu|Mish|HardSwish|Softplus|Softsign|Exp|Log|Sqrt|Reciprocal|Neg|Abs|Sign|Floor|Ceil|Round|Not|Identity|Cast|Dropout|BatchNormalization|LRN|Sin|Cos)$/;

/** Errors: none; an operator that is not known sees everything its inputs see. */
export const fieldThrough = (node: GraphNode, facts: Facts, fields: ReadonlyMap<string, Field>): Field | undefined => {
  const to = facts.shape(node.output[0]!);
  const seen = node.input.flatMap((name, i) => {
    const field = fields.get(name);
    const from = facts.shape(name);
    if (field === undefined) return [];
    if (from === undefined || to === undefined) return [collapsed(field)];
    const through = THROUGH[node.opType] ?? (ELEMENTWISE.test(node.opType) ? broadcast : undefined);
    return [through === undefined ? collapsed(field) : through(field, { node, facts, from, to, i })];
  });
  return seen.length === 0 ? undefined : together(seen);
};
