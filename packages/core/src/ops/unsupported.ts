/** Operators nothing is propagated through, and why: what the user reads instead of "unknown operator". */
import type { Op } from "./role.ts";

const REASONS: readonly (readonly [why: string, ...names: string[]])[] = [
  ["it repeats over time steps, and its number of steps or its weights depend on the input", "RNN", "LSTM", "GRU"],
  ["which branch it takes, or when it stops, depends on the values of the input", "If", "Loop", "Scan"],
  ["it repeats over time steps, and backlit does not unroll it", "CausalConvWithState", "LinearAttention"],
  ["its body is a graph of its own", "SequenceMap"],
  [
    "its result is no single tensor",
    ...["SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SequenceErase", "SequenceAt", "SequenceLength"],
    ...["SplitToSequence", "ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement"],
  ],
  [
    "it works on text or files",
    "StringConcat",
    "StringNormalizer",
    "StringSplit",
    "RegexFullMatch",
    "TfIdfVectorizer",
    "ImageDecoder",
  ],
  ["how many values it has depends on the values", "Unique", "Range"],
  ["it is a loss, not a score", "SoftmaxCrossEntropyLoss", "NegativeLogLikelihoodLoss"],
  ["it reads at places computed from the input", "MaxRoiPool", "DeformConv", "AffineGrid"],
  ["it is a transform of signals without an adjoint here", "MelWeightMatrix"],
  ["it has no derivative here", "Det", "CumProd", "BitCast", "TensorScatter"],
];

/** @internal Exported for its tests. */
export const reasons: Readonly<Record<string, string>> = Object.fromEntries(
  REASONS.flatMap(([why, ...names]) => names.map((name) => [name, why])),
);

export const unsupported: Readonly<Record<string, Op>> = Object.fromEntries(
  Object.entries(reasons).map(([name, why]) => [name, () => why]),
);
