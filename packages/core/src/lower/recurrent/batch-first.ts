/** Recurrent operators whose batch comes first (layout = 1), which ONNX Runtime does not run, on transposed values. */
import { getInt } from "../../onnx/attributes.ts";
import type { Expansion, Pass } from "../pass.ts";
import { expand } from "../pass.ts";

/** [B, T, …] and [T, B, …] change places, and so do initial and last states. */
const SWAPPED = [1, 0, 2];
/** [T, D, B, H] to [B, T, D, H]. */
const RESULT = [2, 0, 1, 3];
const SEQUENCES = [0, 5, 6];

const swapped: Expansion = (node, { g }) => {
  if (getInt(node, "layout", 0) !== 1) return undefined;
  const input = node.input.map((name, i) => (name && SEQUENCES.includes(i) ? g.transpose(name, SWAPPED) : name));
  const attribute = node.attribute.filter(({ name }) => name !== "layout");
  const outputs = g.emit({ ...node, input, attribute }, node.output.length);
  return outputs.map((name, i) => g.transpose(name, i === 0 ? RESULT : SWAPPED));
};

export const batchFirst: Pass = {
  name: "batch first",
  what: "recurrent layers with the batch first run on transposed values",
  needs: "nothing",
  apply: (traced) => {
    const { counts, ...expanded } = expand(traced, { LSTM: swapped, GRU: swapped, RNN: swapped }, { subgraphs: true });
    return counts.size === 0 ? undefined : { ...expanded, notes: [] };
  },
};
