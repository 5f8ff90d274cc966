/** What a Pad puts around a map. */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";

export interface PadWidths {
  /** Of the axes behind batch and channel. */
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** The widths in space, or why there are none: a Pad that a convolution or a pool could make its own puts nothing elsewhere and cuts nothing. */
export const padWidths = (pad: GraphNode, facts: Facts): PadWidths | string => {
  const widths = facts.numbers(pad.input[1]);
  if (widths === undefined || pad.input[3]) return "the widths are not constants for every axis";
  const rank = facts.rank(pad.input[0]!);
  const [begin, end] = [widths.slice(0, rank), widths.slice(rank)];
  if ([...begin.slice(0, 2), ...end.slice(0, 2)].some((n) => n !== 0) || widths.some((n) => n < 0))
    return "it pads the batch or the channels, or cuts";
  return { begin: begin.slice(2), end: end.slice(2) };
};
