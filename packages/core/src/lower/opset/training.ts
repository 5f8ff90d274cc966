/** Models exported in training mode give another output at every run, or for every batch: there is nothing fixed to explain. */
import { fail } from "../../errors.ts";
import { graphOf, nodeLabel } from "../../graph/graph.ts";
import { getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { readTensor } from "../../onnx/tensors.ts";
import { nodesOf } from "../names.ts";
import type { Pass } from "../pass.ts";

export const inTraining = (node: NodeProto, why: string) =>
  fail("Unsupported", {
    what: `a ${node.opType} in training mode`,
    where: `node ${nodeLabel(node)}`,
    why,
    fix: "export the model in evaluation mode",
  });

export const trainingMode: Pass = {
  name: "training mode",
  what: "models in training mode are refused",
  needs: "nothing",
  apply: (model) => {
    const { initializers } = graphOf(model);
    const isTrue = (name: string | undefined) => {
      const tensor = name ? initializers.get(name) : undefined;
      return tensor !== undefined && tensor.dataLocation !== 1 && Number(readTensor(tensor).data[0]) === 1;
    };
    for (const node of nodesOf(model.graph)) {
      if (node.domain !== "" && node.domain !== "ai.onnx") continue;
      if (node.opType === "Dropout" && isTrue(node.input[2])) throw inTraining(node, "it drops other values at every run");
      if (node.opType === "BatchNormalization" && getInt(node, "training_mode", 0) === 1)
        throw inTraining(node, "its result depends on the other samples of the batch");
    }
    return undefined;
  },
};
