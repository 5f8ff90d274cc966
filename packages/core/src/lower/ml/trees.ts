/**
 * What a tree ensemble does to its sums behind the trees, in plain operators: the raw scores become a value of their own, which can be
 * explained, and the transform an operator that reading knows. Labels stay with the node that made them.
 *
 * Two classes with weights of one have two columns of one number f, as the runtime has it: [1 − f, f] where no weight is negative and
 * [−f, f] else; with LOGISTIC σ of [−f, f]; SOFTMAX leaves both as they are.
 */
import { Builder } from "../../graph/builder.ts";
import { type GraphNode, namesOf, opName } from "../../graph/graph.ts";
import { append } from "../../numeric/extremes.ts";
import { attr, getInt, getString } from "../../onnx/attributes.ts";
import type { AttributeProto, NodeProto } from "../../onnx/proto.ts";
import { classCount, floatsOf, isTrees, weightsOf } from "../../trees/index.ts";
import type { Pass } from "../pass.ts";

/** As the runtime numbers them in TreeEnsemble. */
const CODES = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

const transformOf = (node: NodeProto): string =>
  opName(node) === "ai.onnx.ml.TreeEnsemble"
    ? (CODES[getInt(node, "post_transform", 0)] ?? "")
    : getString(node, "post_transform", "NONE");

export const trees: Pass = {
  name: "trees",
  what: "what is done to the scores of trees, in plain operators",
  apply: (traced) => {
    const { graph } = traced.model;
    if (!graph.node.some(isTrees)) return undefined;
    const read = new Set([...graph.node.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name)]);
    const names = namesOf(graph);
    const initializer = [...graph.initializer];
    const left = new Map<string, string>();
    const node: NodeProto[] = [];
    let changed = false;
    for (const [i, one] of graph.node.entries()) {
      const scores = one.output.at(-1)!;
      const g = new Builder(traced.ownFacts(), names, `trees${graph.node.length}.${i}`);
      const made = isTrees(one) && read.has(scores) ? apart(one, g) : undefined;
      if (made === undefined || "why" in made) {
        if (made !== undefined) left.set(one.output[0]!, made.why);
        node.push(one);
        continue;
      }
      changed = true;
      const label = one.output.length > 1 && read.has(one.output[0]!);
      if (label) node.push({ ...one, output: [one.output[0]!, g.name("unread")] });
      append(
        node,
        g.nodes.map((w) => ({ ...w, output: w.output.map((name) => (name === made.value ? scores : name)) })),
      );
      append(initializer, g.constants);
    }
    if (!changed && left.size === 0) return undefined;
    return {
      model: changed ? { ...traced.model, graph: { ...graph, node, initializer } } : traced.model,
      notes: [],
      left,
    };
  },
};

type Made = { readonly value: string } | { readonly why: string };

/** The value in place of the scores; undefined where the node is plain already. */
const apart = (node: NodeProto, g: Builder): Made | undefined => {
  const transform = transformOf(node);
  const classifier = node.opType === "TreeEnsembleClassifier";
  const one = classifier ? oneColumn(node) : undefined;
  if (typeof one === "string") return { why: one };
  if (!["NONE", "LOGISTIC", "SOFTMAX"].includes(transform))
    return { why: `what it does to its scores (${transform}) is not written out here` };
  if (one !== undefined) {
    const f = g.emit(regressor(node, 1))[0]!;
    const both = (rest: string) => g.op("Concat", [rest, f], { axis: -1 });
    if (transform === "LOGISTIC") return { value: g.op("Sigmoid", [both(g.op("Neg", [f]))]) };
    return { value: both(one.positive ? g.sub(g.floats(1), f) : g.op("Neg", [f])) };
  }
  if (transform === "NONE") return undefined;
  const count = classifier ? classCount(node as GraphNode) : getInt(node, "n_targets", 1);
  const raw = g.emit(classifier ? regressor(node, count) : plain(node))[0]!;
  if (count === 1) return { value: raw }; // the runtime leaves a single number as it is
  return { value: transform === "LOGISTIC" ? g.op("Sigmoid", [raw]) : g.op("Softmax", [raw], { axis: -1 }) };
};

/** Undefined where every class has weights of its own; text where the runtime's own sums are none. */
const oneColumn = (node: NodeProto): { readonly positive: boolean } | string | undefined => {
  const { weights, outputs } = weightsOf(node as GraphNode);
  const bases = floatsOf(node as GraphNode, "base_values")?.length ?? 0;
  const named = new Set(outputs);
  if (classCount(node as GraphNode) !== 2) return undefined;
  if (named.has(1)) return bases === 0 || (bases === 1 && named.has(0)) ? undefined : WEIRD;
  return bases > 1 ? WEIRD : { positive: weights.every((weight) => weight >= 0) };
};
const WEIRD = "the runtime does not add its base values to the scores of two classes";

const plain = (node: NodeProto) => ({
  opType: node.opType,
  domain: node.domain,
  input: node.input,
  attribute: node.attribute.filter(({ name }) => name !== "post_transform"),
});

/** The same trees, their weights as targets. A single base value is that of the first class. */
const regressor = (node: NodeProto, targets: number) => {
  const base = floatsOf(node as GraphNode, "base_values") ?? [];
  const attribute = node.attribute.flatMap((a): AttributeProto[] => {
    if (/^(classlabels|post_transform|base_values)/.test(a.name)) return [];
    return [a.name.startsWith("class_") ? { ...a, name: a.name.replace("class_", "target_") } : a];
  });
  attribute.push(attr.int("n_targets", targets));
  if (base.length > 0)
    attribute.push(
      attr.floats(
        "base_values",
        Array.from({ length: targets }, (_, k) => base[k] ?? 0),
      ),
    );
  return { opType: "TreeEnsembleRegressor", domain: node.domain, input: node.input, attribute };
};
