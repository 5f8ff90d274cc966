/** Beside the coupled probabilities of a support vector machine, which no rule goes through, what its pairs of classes decide. */
import { Builder } from "../../graph/builder.ts";
import { namesOf, opName } from "../../graph/graph.ts";
import { renamed } from "../../graph/names.ts";
import { append } from "../../numeric/extremes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { Budget } from "../budget.ts";
import type { Pass } from "../pass.ts";
import { isCoupled, pairDecisions, pairNames } from "./svm.ts";

export const decisions: Pass = {
  name: "decisions",
  what: "decision values of pairs of classes beside their probabilities",
  apply: (traced, budget = new Budget()) => {
    const { model, graph } = traced;
    const taken = new Set(namesOf(model.graph));
    const facts = traced.ownFacts();
    const opset = graph.opsets.get("") ?? 17;
    let made = false;
    const constants = [...model.graph.initializer];
    const node = model.graph.node.flatMap((one): readonly NodeProto[] => {
      if (opName(one) !== "ai.onnx.ml.SVMClassifier" || !isCoupled(one)) return [one];
      const names = pairNames(one);
      if (names.some((name) => taken.has(name))) return [one];
      const g = new Builder(facts, taken, `${one.output[1]}:pairs`);
      const values = pairDecisions(one, { g, facts, opset, budget, producer: () => undefined, fix: () => undefined });
      if (values === undefined) return [one];
      made = true;
      append(constants, g.constants);
      const now = new Map(values.map((value, k) => [value, names[k]!]));
      return [one, ...g.nodes.map((written) => renamed(written, (name) => now.get(name) ?? name))];
    });
    return made ? { model: { ...model, graph: { ...model.graph, node, initializer: constants } }, notes: [] } : undefined;
  },
};
