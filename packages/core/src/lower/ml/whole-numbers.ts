/** Trees that take whole numbers get them as floats, which can be explained and moved. */
import { namesOf, opName } from "../../graph/graph.ts";
import { namer } from "../../graph/names.ts";
import { attr } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import { elementKinds } from "../../reading/element-kinds.ts";
import type { Pass } from "../pass.ts";

const TREES = new Set(["TreeEnsembleClassifier", "TreeEnsembleRegressor"].map((name) => `ai.onnx.ml.${name}`));

export const wholeNumbers: Pass = {
  name: "whole-numbers",
  what: "whole numbers as floats",
  apply: (traced) => {
    const { model } = traced;
    if (!model.graph.node.some((node) => TREES.has(opName(node)))) return undefined;
    const kinds = elementKinds(traced.graph);
    const free = namer(namesOf(model.graph));
    const casts = new Map<string, string>();
    const node = model.graph.node.flatMap((one): NodeProto[] => {
      const [x, ...rest] = one.input;
      if (!TREES.has(opName(one)) || x === undefined || kinds.get(x) !== "int") return [one];
      const known = casts.get(x);
      const value = known ?? free(`${x}:float`);
      casts.set(x, value);
      const cast: NodeProto = {
        opType: "Cast",
        domain: "",
        name: value,
        input: [x],
        output: [value],
        attribute: [attr.int("to", DataType.FLOAT)],
      };
      return [...(known === undefined ? [cast] : []), { ...one, input: [value, ...rest] }];
    });
    if (casts.size === 0) return undefined;
    return { model: { ...model, graph: { ...model.graph, node } }, notes: [] };
  },
};
