/** Tree ensembles of ONNX files as plain data. */
import { type GraphNode, opName } from "../graph/graph.ts";
import { readClassic } from "./classic.ts";
import { readCurrent } from "./current.ts";
import type { Ensemble } from "./ensemble.ts";

const READERS: Readonly<Record<string, (node: GraphNode) => Ensemble>> = {
  "ai.onnx.ml.TreeEnsembleClassifier": readClassic,
  "ai.onnx.ml.TreeEnsembleRegressor": readClassic,
  "ai.onnx.ml.TreeEnsemble": readCurrent,
};

export const isTrees = (node: Pick<GraphNode, "opType" | "domain">): boolean => Object.hasOwn(READERS, opName(node));

const known = new WeakMap<GraphNode, Ensemble>();

/** The trees of a node, read once. Errors: BadModel, Unsupported. */
export const ensembleOf = (node: GraphNode): Ensemble => {
  const made = known.get(node) ?? READERS[opName(node)]!(node);
  known.set(node, made);
  return made;
};

export { classCount, weightsOf } from "./classic.ts";
export { type Condition, type Way, waysOf } from "./conditions.ts";
export { type Ensemble, featuresAsked, type Split } from "./ensemble.ts";
export { floatsOf } from "./numbers.ts";
