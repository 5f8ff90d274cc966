/** What the names of free sizes say: exporters write batch_size, sequence_length, height. */
import type { AxisRole } from "./roles.ts";

const WORDS: readonly (readonly [RegExp, AxisRole])[] = [
  [/^(n|bs?|batch|batch_?size|samples?|unk__\d+_batch)$|batch/i, "batch"],
  [/^(h|height|rows)$|height/i, "height"],
  [/^(w|width|cols|columns)$|width/i, "width"],
  [/^(d|depth|slices)$|depth/i, "depth"],
  [/^(c|channels?)$|num_?channels/i, "channel"],
  [/^(nodes?|num_?nodes|n_nodes|vertices)$/i, "node"],
  [/^(tokens?|num_?tokens)$/i, "token"],
  [/^(t|l|time|steps?|time_?steps?|frames?|length|seq|seq_?len(gth)?|sequence(_?length)?)$|sequence|seq_len/i, "time"],
  [/^(f|features?|num_?features)$/i, "feature"],
];

export const roleOfName = (name: string | undefined): AxisRole | undefined =>
  name ? WORDS.find(([word]) => word.test(name))?.[1] : undefined;
