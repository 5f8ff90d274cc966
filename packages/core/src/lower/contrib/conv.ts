/** Convolutions: with a summand and an activation (FusedConv), channels last (NhwcConv and the layouts of internal domains). */
import type { Builder } from "../../graph/builder.ts";
import { getFloats, getString } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { activate, input, like, plus } from "../parts.ts";
import type { Expansion, Expansions } from "../pass.ts";

const ACTIVATION = ["activation", "activation_params"];

/** activation(Conv(X, W, B) + Z) */
const fused = (g: Builder, node: NodeProto, [x, w, b, z]: readonly (string | undefined)[]): string => {
  const sum = plus(g, like(g, node, "Conv", [x, w, b], ACTIVATION), z);
  return activate(g, sum, getString(node, "activation"), getFloats(node, "activation_params") ?? []);
};

const operands = (node: NodeProto) => [0, 1, 2, 3].map((i) => input(node, i));

const FusedConv: Expansion = (node, { g }) => [fused(g, node, operands(node))];

const permutation = (rank: number, toFirst: boolean): number[] => {
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i);
  return toFirst ? [0, rank - 1, ...spatial.map((i) => i + 1)] : [0, ...spatial.map((i) => i + 2), 1];
};

/** Channels from the last axis to axis 1. */
export const channelsFirst = (g: Builder, x: string, rank: number): string => g.transpose(x, permutation(rank, true));
export const channelsLast = (g: Builder, x: string, rank: number): string => g.transpose(x, permutation(rank, false));

/** NhwcConv and NhwcFusedConv: all of X, W, Z and Y with channels last; 2-D. */
const NhwcConv: Expansion = (node, { g }) => {
  const [x, w, b, z] = operands(node);
  const first = (value: string | undefined) => value && channelsFirst(g, value, 4);
  return [channelsLast(g, fused(g, node, [first(x), first(w), b, first(z)]), 4)];
};

/** An operator of the internal channels-last domain: its first input and its output are transposed, weights are as ever. */
const nhwc: Expansion = (node, { g, facts }) => {
  const rank = facts.shape(node.input[0]!)?.length ?? 4;
  const y = like(g, node, node.opType, [channelsFirst(g, node.input[0]!, rank), ...node.input.slice(1)]);
  return [channelsLast(g, y, rank)];
};

/** ConvTranspose whose pads are an input. Without pads it is ConvTranspose itself. */
const ConvTransposeWithDynamicPads: Expansion = (node, { g, facts }) => {
  const pads = input(node, 2);
  const inputs = [input(node, 0), input(node, 1), input(node, 3)];
  if (pads === undefined) return [like(g, node, "ConvTranspose", inputs)];
  const known = facts.numbers(pads);
  if (known === undefined) return undefined;
  const spatial = known.length / 2;
  const full = like(g, node, "ConvTranspose", inputs);
  const starts = g.ints(known.slice(0, spatial));
  const size = g.op("Shape", [full], { start: 2 });
  const ends = g.sub(size, g.ints(known.slice(spatial)));
  return [g.op("Slice", [full, starts, ends, g.ints(Array.from({ length: spatial }, (_, i) => i + 2))])];
};

const LAYOUT = ["Conv", "ConvTranspose", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool", "LRN", "LpPool"];

export const convolutions: Expansions = {
  "com.microsoft.FusedConv": FusedConv,
  "com.microsoft.NhwcConv": NhwcConv,
  "com.microsoft.NhwcFusedConv": NhwcConv,
  "com.microsoft.ConvTransposeWithDynamicPads": ConvTransposeWithDynamicPads,
  ...Object.fromEntries(
    [...LAYOUT, "InstanceNormalization", "BatchNormalization"].map((op) => [`com.ms.internal.nhwc.${op}`, nhwc]),
  ),
};
