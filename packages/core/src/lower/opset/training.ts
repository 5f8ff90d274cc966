/**
 * Models exported in training mode give another output at every run, or for every batch: there is nothing fixed to explain. Weights
 * standardized by a batch normalization in training mode (Qiao et al. 2019) are an exception: one sample, whose channels are
 * normalized, which is what InstanceNormalization does.
 */
import { fail } from "../../errors.ts";
import { constantValues } from "../../graph/facts.ts";
import { domainOf, nodeLabel, nodesOf } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import { getInt } from "../../onnx/attributes.ts";
import { isExternal } from "../../onnx/external.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { readTensor } from "../../onnx/tensors.ts";
import type { Pass } from "../pass.ts";

export const inTraining = (node: NodeProto, why: string) =>
  fail("Unsupported", {
    what: `a ${node.opType} in training mode`,
    where: `node ${nodeLabel(node)}`,
    why,
    fix: "export the model in evaluation mode",
  });

const standardized = (node: NodeProto): NodeProto => ({
  ...node,
  opType: "InstanceNormalization",
  input: node.input.slice(0, 3),
  output: node.output.slice(0, 1),
  attribute: node.attribute.filter(({ name }) => name === "epsilon"),
});

export const trainingMode: Pass = {
  name: "training mode",
  what: "models in training mode are refused, weights standardized by a batch normalization excepted",
  needs: "nothing",
  apply: ({ model, graph }) => {
    const { initializers, nodes, inputs } = graph;
    const constant = constantValues({ nodes, inputs });
    const producer = producersOf(nodes);
    /** A shape of one sample, a switch that is on. */
    const startsWithOne = (name: string | undefined): boolean => {
      const tensor = name ? initializers.get(name) : undefined;
      return tensor !== undefined && !isExternal(tensor) && Number(readTensor(tensor).data[0]) === 1;
    };
    /** One sample of weights: a constant of shape [1, …], or reshaped to one. */
    const isWeight = ({ input }: NodeProto): boolean => {
      const initializer = initializers.get(input[0]!);
      if (initializer !== undefined) return initializer.dims.length > 2 && initializer.dims[0] === 1;
      const reshape = producer.get(input[0]!);
      return reshape?.opType === "Reshape" && constant.has(input[0]!) && startsWithOne(reshape.input[1]);
    };
    const standardizing = new Set<NodeProto>();
    for (const node of nodesOf(model.graph)) {
      if (domainOf(node.domain) !== "") continue;
      if (node.opType === "Dropout" && startsWithOne(node.input[2])) throw inTraining(node, "it drops other values at every run");
      if (node.opType !== "BatchNormalization" || getInt(node, "training_mode", 0) !== 1) continue;
      if (isWeight(node)) standardizing.add(node);
      else throw inTraining(node, "its result depends on the other samples of the batch");
    }
    if (standardizing.size === 0) return undefined;
    const node = model.graph.node.map((n) => (standardizing.has(n) ? standardized(n) : n));
    return { model: { ...model, graph: { ...model.graph, node } }, notes: [] };
  },
};
