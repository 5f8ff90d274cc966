/** Convolutions: with a summand and an activation (FusedConv), channels last (NhwcConv and the layouts of internal domains). */
import { getFloats, getString } from "../../onnx/attributes.ts";
import type { Context, Expansion, Expansions } from "../pass.ts";
import { activate, input, like } from "./parts.ts";

const ACTIVATION = ["activation", "activation_params"];

/** activation(Conv(X, W, B) + Z) */
export const FusedConv: Expansion = (node, { g }) => {
  const conv = like(g, node, "Conv", [input(node, 0), input(node, 1), input(node, 2)], ACTIVATION);
  const z = input(node, 3);
  const sum = z === undefined ? conv : g.add(conv, z);
  return [activate(g, sum, getString(node, "activation"), getFloats(node, "activation_params") ?? [])];
};

const permutation = (rank: number, toFirst: boolean): number[] => {
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i);
  return toFirst ? [0, rank - 1, ...spatial.map((i) => i + 1)] : [0, ...spatial.map((i) => i + 2), 1];
};

/** Channels from the last axis to axis 1. */
export const channelsFirst = (g: Context["g"], x: string, rank: number): string => g.transpose(x, permutation(rank, true));
export const channelsLast = (g: Context["g"], x: string, rank: number): string => g.transpose(x, permutation(rank, false));

/** NhwcConv and NhwcFusedConv: all of X, W, Z and Y with channels last; 2-D. */
export const NhwcConv: Expansion = (node, { g }) => {
  const first = (i: number) => (input(node, i) === undefined ? undefined : channelsFirst(g, input(node, i)!, 4));
  const conv = like(g, node, "Conv", [first(0), first(1), input(node, 2)], ACTIVATION);
  const z = first(3);
  const sum = z === undefined ? conv : g.add(conv, z);
  return [channelsLast(g, activate(g, sum, getString(node, "activation"), getFloats(node, "activation_params") ?? []), 4)];
};

/** An operator of the internal channels-last domain: its first input and its output are transposed, weights are as ever. */
const nhwc: Expansion = (node, { g, facts }) => {
  const rank = facts.shape(node.input[0]!)?.length ?? 4;
  const y = like(g, node, node.opType, [channelsFirst(g, node.input[0]!, rank), ...node.input.slice(1)]);
  return [channelsLast(g, y, rank)];
};

/** ConvTranspose whose pads are an input. Without pads it is ConvTranspose itself. */
export const ConvTransposeWithDynamicPads: Expansion = (node, { g, facts }) => {
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
