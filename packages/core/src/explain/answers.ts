/**
 * Question answering has two outputs, the logits of where an answer begins and of where it ends. What is explained is both: they become
 * the columns of one value, each a softmax over the positions.
 */
import { attr, intTensor, type ModelProto, type NodeProto, type ValueInfoProto } from "../onnx/index.ts";

const BEGIN = /(^|[_.])starts?([_.]?(logits?|scores?|positions?))?$/i;
const END = /(^|[_.])ends?([_.]?(logits?|scores?|positions?))?$/i;
const NODE = "backlit/answer";

/** Of a model made by `withAnswers`: the value with log-probabilities [N, positions, 2] of beginning and end. */
export const answerIn = ({ graph }: Pick<ModelProto, "graph">): string | undefined =>
  graph.node.find(({ name }) => name === NODE)?.output[0];

/** The same model with both side by side; any other model as it is. */
export const withAnswers = (model: ModelProto): ModelProto => {
  const { graph } = model;
  const begin = graph.output.find((one) => BEGIN.test(one.name) && isRow(one));
  const end = graph.output.find((one) => END.test(one.name) && isRow(one));
  if (begin === undefined || end === undefined) return model;
  const taken = new Set(graph.node.flatMap(({ output }) => output));
  const free = (own: string): string => (taken.has(own) ? free(`${own}_`) : own);
  const column = free("answer/column");
  const [start, stop, both, answer] = [free("answer/start"), free("answer/end"), free("answer/logits"), free("answer")];
  const node = (opType: string, input: readonly string[], output: string, axis?: number): NodeProto => ({
    ...{ opType, domain: "", name: output === answer ? NODE : "", input, output: [output] },
    attribute: axis === undefined ? [] : [attr.int("axis", axis)],
  });
  const nodes = [
    node("Reshape", [begin.name, column], start),
    node("Reshape", [end.name, column], stop),
    node("Concat", [start, stop], both, 2),
    node("LogSoftmax", [both], answer, 1),
  ];
  const initializer = [...graph.initializer, intTensor(column, [3], [0, 0, 1])];
  return { ...model, graph: { ...graph, initializer, node: [...graph.node, ...nodes] } };
};

const isRow = ({ type }: ValueInfoProto): boolean => type?.tensorType?.shape?.length === 2;
