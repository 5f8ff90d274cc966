/** Operators that move values without changing them: what is known of the numbers stays true. */
export const MOVES: ReadonlySet<string> = new Set([
  "Identity",
  "Cast",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Slice",
  "Gather",
  "GatherElements",
  "Split",
  "Expand",
  "Tile",
  "ai.onnx.ml.ArrayFeatureExtractor",
  "ai.onnx.ml.ZipMap",
]);

/** Those that keep the order of the numbers too. */
export const RESHAPES: ReadonlySet<string> = new Set([
  "Identity",
  "Cast",
  "Dropout",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
]);
