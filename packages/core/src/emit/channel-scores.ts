/** Per channel of a value: the sum and the maximum over positions, of its relevance and of itself, and where the maxima stand. */
import type { Builder } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";
import { DataType } from "../onnx/proto.ts";
import type { Axes } from "./channel-axes.ts";
import type { Ports } from "./ports.ts";

/** What a row of `channels@VALUE` holds. */
export const CHANNEL_COLUMNS = ["relevance sum", "relevance max", "activation sum", "activation max"] as const;
/** What a row of `positions@VALUE` holds: flat row-major positions, of ties the first. */
export const POSITION_COLUMNS = ["relevance", "activation"] as const;

interface ChannelScores {
  /** float32 [N, C, 4] */
  readonly scores: string;
  /** int64 [N, C, 2] */
  readonly positions: string;
}

export const channelScores = (g: Builder, axes: Axes, relevance: string, activation: string): ChannelScores => {
  const found = [relevance, activation].map((value) => {
    const rows = rowsOf(g, value, axes);
    const position = g.op("ArgMax", [rows], { axis: 2, keepdims: 1 });
    return { position, values: [g.reduceSum(rows, [2]), g.op("GatherElements", [rows, position], { axis: 2 })] };
  });
  return {
    scores: g.op(
      "Concat",
      found.flatMap(({ values }) => values),
      { axis: 2 },
    ),
    positions: g.op(
      "Concat",
      found.map(({ position }) => position),
      { axis: 2 },
    ),
  };
};

/** The two outputs of a value; `dims`: [N(, K), C]. */
export const scoresOutput = (ports: Ports, value: string, dims: Shape, { scores, positions }: ChannelScores) => ({
  value,
  scores: ports.output(`channels@${value}`, scores, DataType.FLOAT, [...dims, CHANNEL_COLUMNS.length]),
  positions: ports.output(`positions@${value}`, positions, DataType.INT64, [...dims, POSITION_COLUMNS.length]),
});

/** [N, C, positions] */
const rowsOf = (g: Builder, value: string, { channels, samples, rank }: Axes): string => {
  const first = samples === undefined ? [channels] : [samples, channels];
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !first.includes(axis));
  const moved = g.transpose(value, [...first, ...others]);
  return g.op("Reshape", [samples === undefined ? g.op("Unsqueeze", [moved, g.ints([0])]) : moved, g.ints([0, 0, -1])]);
};
