/** Trees whose leaves all lie equally deep, at random thresholds of random columns: what a boosted ensemble costs, whatever it says. */
import { attr, DataType, type ModelProto } from "@backlit/core";
import { modelOf, value } from "./proto.ts";
import { Random } from "./random.ts";

export interface ForestSize {
  readonly trees: number;
  readonly depth: number;
  readonly columns: number;
}

/** A TreeEnsembleRegressor: rows [N, columns] in, one number out. */
export const forest = ({ trees, depth, columns }: ForestSize): ModelProto => {
  const inner = 2 ** depth - 1;
  const nodes = 2 * inner + 1;
  const count = trees * nodes;
  const at = <T>(make: (node: number, tree: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i % nodes, Math.floor(i / nodes)));
  const leaves = at((node, tree) => ({ node, tree })).filter(({ node }) => node >= inner);
  const random = new Random(1);
  const chosen = random.uniform(count, 0.5, 0.5);
  const node = {
    opType: "TreeEnsembleRegressor",
    domain: "ai.onnx.ml",
    name: "trees",
    input: ["x"],
    output: ["y"],
    attribute: [
      attr.int("n_targets", 1),
      attr.ints(
        "nodes_treeids",
        at((_, tree) => tree),
      ),
      attr.ints(
        "nodes_nodeids",
        at((own) => own),
      ),
      attr.ints(
        "nodes_featureids",
        Array.from(chosen, (v) => Math.min(columns - 1, Math.floor(v * columns))),
      ),
      attr.floats("nodes_values", Array.from(random.uniform(count, 1))),
      attr.strings(
        "nodes_modes",
        at((own) => (own < inner ? "BRANCH_LEQ" : "LEAF")),
      ),
      attr.ints(
        "nodes_truenodeids",
        at((own) => (own < inner ? 2 * own + 1 : 0)),
      ),
      attr.ints(
        "nodes_falsenodeids",
        at((own) => (own < inner ? 2 * own + 2 : 0)),
      ),
      attr.ints(
        "target_treeids",
        leaves.map((leaf) => leaf.tree),
      ),
      attr.ints(
        "target_nodeids",
        leaves.map((leaf) => leaf.node),
      ),
      attr.ints(
        "target_ids",
        leaves.map(() => 0),
      ),
      attr.floats("target_weights", Array.from(random.uniform(leaves.length, 1))),
    ],
  };
  const made = modelOf({
    name: "forest",
    node: [node],
    initializer: [],
    input: [value("x", DataType.FLOAT, ["N", columns])],
    output: [value("y", DataType.FLOAT, ["N", 1])],
  });
  return { ...made, opsetImport: [...made.opsetImport, { domain: "ai.onnx.ml", version: 3 }] };
};
