/**
 * Repair by projection (P-ClArC; Anders et al. 2022; reactive: Bareeva et al. 2024): at a value h, in every sample, h′ = h + v (z̄ − vᵀ a) / (vᵀ v).
 * Scope `channels`: a the largest activation of each channel over positions, and the step the same at every position. Scope `neurons`: a = h,
 * a number of v for each channel and position. Scope `positions`: position by position by itself, a = h there. Afterwards vᵀ a′ = z̄: of the concept there is as much as in clean samples. Scope `patches`: where vᵀ h is above
 * the threshold, and at the positions around, h′ is the mean of h over clean samples: of a mark that fills what such positions see nothing is left, in whatever direction. Nodes of the file's own operators; no weight is changed.
 */
import { fail } from "../errors.ts";
import { type Addition, additionTo, putBehind } from "../onnx/addition.ts";
import { attr } from "../onnx/attributes.ts";
import { DataType, type ModelProto } from "../onnx/proto.ts";
import type { ConceptDirection } from "./direction.ts";
import { noMaker, type RepairScope } from "./place.ts";

export interface RepairAt {
  readonly value: string;
  /** Of the value: axes, and which of them counts channels; the first counts samples. */
  readonly rank: number;
  readonly axis: number;
  readonly direction: ConceptDirection;
  /** What the direction has a number for; default "channels". */
  readonly scope?: RepairScope;
  /** Only samples (of scope `positions`: positions) with more of the concept than 95 % of the clean samples have anywhere. Default false: all. Scope `patches` is always so, and leaves 99 %. */
  readonly reactive?: boolean;
}

/** Where a repaired model says what was done. */
export const REPAIR_KEY = "backlit_repair";

/** The repaired model; inputs, outputs and weights are the file's. Errors: BadRecipe for a value that no node of the file makes; Unsupported. */
export const repairModel = (model: ModelProto, at: RepairAt): ModelProto => {
  const { value, rank, axis, direction, scope = "channels", reactive = false } = at;
  const { graph } = model;
  if (!graph.node.some(({ output }) => output.includes(value))) throw noMaker(value);
  if (!(axis >= 1 && axis < rank))
    throw fail("Unsupported", {
      what: `channels along axis ${axis} of ${rank}`,
      where: `value '${value}'`,
      why: "the first axis has to count samples",
    });
  const added = additionTo(graph, value);
  const before = added.name("before");
  TAKEN_OUT[scope](added, before, at);
  const { method, clean, threshold, separated } = direction;
  const said = JSON.stringify({
    value,
    axis,
    scope,
    method,
    clean,
    ...((reactive || scope === "patches") && { threshold }),
    separated,
  });
  return {
    ...model,
    graph: putBehind(graph, { value, before }, added)!,
    metadataProps: [...model.metadataProps, { key: REPAIR_KEY, value: said }],
  };
};

/** (z̄ − vᵀa) / vᵀv of an amount vᵀa; 0 where a reactive repair leaves the sample as it is. */
const missingOf = ({ op, floats }: Addition, amount: string, { direction, reactive }: RepairAt): string => {
  const { vector, clean, threshold } = direction;
  const size = vector.reduce((sum, v) => sum + v * v, 0);
  const missing = op("Div", [op("Sub", [floats("clean", [], [clean]), amount]), floats("size", [], [size])]);
  if (!reactive) return missing;
  const over = op("Greater", [amount, floats("threshold", [], [threshold])]);
  return op("Mul", [missing, op("Cast", [over], [attr.int("to", DataType.FLOAT)])]);
};

const channels = (added: Addition, before: string, at: RepairAt): void => {
  const { op, floats, ints } = added;
  const { rank, axis, direction, value } = at;
  const width = direction.vector.length;
  const others = Array.from({ length: rank }, (_, k) => k).filter((k) => k !== 0 && k !== axis);
  const moved = axis === 1 ? before : op("Transpose", [before], [attr.ints("perm", [0, axis, ...others])]);
  const largest = rank === 2 ? moved : op("Flatten", [op("GlobalMaxPool", [moved])], [attr.int("axis", 1)]);
  const amount = op("MatMul", [largest, floats("direction", [width, 1], direction.vector)]);
  const back = op("MatMul", [missingOf(added, amount, at), floats("back", [1, width], direction.vector)]);
  const shape = Array.from({ length: rank }, (_, k) => (k === 0 ? 0 : k === axis ? -1 : 1));
  op("Add", [before, op("Reshape", [back, ints("shape", shape)])], [], value);
};

const neurons = (added: Addition, before: string, at: RepairAt): void => {
  const { op, floats, ints } = added;
  const { direction, value } = at;
  const flat = op("Flatten", [before], [attr.int("axis", 1)]);
  const along = floats("direction", [direction.vector.length], direction.vector);
  const amount = op("Reshape", [op("MatMul", [flat, along]), ints("column", [-1, 1])]);
  const step = op("Mul", [missingOf(added, amount, at), along]);
  op("Add", [before, op("Reshape", [step, op("Shape", [before])])], [], value);
};

const positions = (added: Addition, before: string, at: RepairAt): void => {
  const { op, floats } = added;
  const { rank, axis, direction, value } = at;
  const width = direction.vector.length;
  const last = [...Array.from({ length: rank }, (_, k) => k).filter((k) => k !== axis), axis];
  const moved = axis === rank - 1 ? before : op("Transpose", [before], [attr.ints("perm", last)]);
  const amount = op("MatMul", [moved, floats("direction", [width, 1], direction.vector)]);
  const step = op("Mul", [missingOf(added, amount, at), floats("along", [width], direction.vector)]);
  const back = Array.from({ length: rank }, (_, k) => last.indexOf(k));
  op("Add", [before, axis === rank - 1 ? step : op("Transpose", [step], [attr.ints("perm", back)])], [], value);
};

/** Each position sees its neighbours' part of a mark. */
const AROUND = 3;

const patches = (added: Addition, before: string, at: RepairAt): void => {
  const { op, floats } = added;
  const { rank, axis, direction, value } = at;
  const { vector, usual, threshold } = direction;
  if (usual === undefined || rank < 3)
    throw fail("Unsupported", {
      what: "scope patches",
      where: `value '${value}'`,
      why: rank < 3 ? "it has channels and no positions" : "the direction does not say what is usual",
      fix: rank < 3 ? "--scope channels" : "take positionDirection or givenAtPositions",
    });
  const width = vector.length;
  const others = Array.from({ length: rank }, (_, k) => k).filter((k) => k !== 0 && k !== axis);
  const last = [0, ...others, axis];
  const moved = axis === rank - 1 ? before : op("Transpose", [before], [attr.ints("perm", last)]);
  const amount = op("MatMul", [moved, floats("direction", [width, 1], vector)]);
  const over = op("Cast", [op("Greater", [amount, floats("threshold", [], [threshold])])], [attr.int("to", DataType.FLOAT)]);
  // One channel, which pools want in front.
  const front = Array.from({ length: rank }, (_, k) => (k === 1 ? rank - 1 : k === 0 ? 0 : k - 1));
  const around = op(
    "MaxPool",
    [op("Transpose", [over], [attr.ints("perm", front)])],
    [
      attr.ints(
        "kernel_shape",
        others.map(() => AROUND),
      ),
      attr.ints(
        "pads",
        [...others, ...others].map(() => (AROUND - 1) / 2),
      ),
    ],
  );
  const back = [0, ...others.map((_, k) => k + 2), 1];
  const where = op("Transpose", [around], [attr.ints("perm", back)]);
  const step = op("Mul", [where, op("Sub", [floats("usual", [width], usual), moved])]);
  const fitting = Array.from({ length: rank }, (_, k) => last.indexOf(k));
  op("Add", [before, axis === rank - 1 ? step : op("Transpose", [step], [attr.ints("perm", fitting)])], [], value);
};

const TAKEN_OUT: Readonly<Record<RepairScope, typeof channels>> = { neurons, positions, patches, channels };
