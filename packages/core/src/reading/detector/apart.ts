/** Boxes and scores apart: what a trailing NonMaxSuppression takes in, or two outputs (SSD, RetinaNet, DETR). */
import type { Graph } from "../../graph/graph.ts";
import { getInt } from "../../onnx/attributes.ts";
import { isFloat } from "../element-kinds.ts";
import type { Range, Values } from "../output/interval.ts";
import { linkOf } from "../output/link.ts";
import type { Detector } from "./detector.ts";

/** The last one: those before it choose proposals. */
export const suppressedDetector = ({ nodes }: Pick<Graph, "nodes">, { facts }: Values): Detector | undefined => {
  const node = nodes.findLast(({ opType }) => opType === "NonMaxSuppression");
  const [boxes, scores] = node?.input ?? [];
  if (node === undefined || boxes === undefined || scores === undefined) return undefined;
  if (facts.shape(boxes)?.length !== 3 || facts.shape(scores)?.length !== 3 || facts.isConstant(scores)) return undefined;
  return {
    boxes: {
      ...{ value: boxes, anchors: 1, axis: 2, from: 0 },
      layout: getInt(node, "center_point_box", 0) === 1 ? "cxcywh" : "yxyx",
    },
    scores: { value: scores, anchors: 2, axis: 1, from: 0, classes: facts.shape(scores)![1] ?? null, link: "none" },
    why: `its NonMaxSuppression '${node.name || node.output[0]}' is cut: boxes and scores are what it takes in`,
  };
};

/** Two outputs with the same anchors, one of them four numbers each. `labels`: how many class names there are. */
export const twoOutputs = (
  graph: Pick<Graph, "outputs">,
  values: Values,
  rangeOf: (value: string) => Range,
  labels?: number,
): Detector | undefined => {
  const { facts } = values;
  const outputs = graph.outputs.filter(isFloat).flatMap(({ name }) => {
    const shape = facts.shape(name);
    return shape?.length === 3 ? [{ name, shape }] : [];
  });
  const boxes =
    outputs.find(({ name, shape }) => shape[2] === 4 && /box|loc|bbox/i.test(name)) ??
    outputs.find(({ shape }) => shape[2] === 4);
  const scores = outputs.find(
    ({ name, shape }) => name !== boxes?.name && shape[1] === boxes?.shape[1] && (SCORES.test(name) || shape[2] !== 4),
  );
  if (boxes === undefined || scores === undefined) return undefined;
  if (!BOXES.test(boxes.name) && !SCORES.test(scores.name)) return undefined;
  const { kind } = linkOf(scores.name, values, rangeOf);
  const classes = scores.shape[2] ?? null;
  const queries = /pred_boxes|query/i.test(boxes.name);
  const exclusive = kind === "softmax" || (kind === "none" && (labels === undefined ? queries : classes === labels + 1));
  const centred = queries || rangeOf(boxes.name).high <= 1;
  return {
    boxes: {
      value: boxes.name,
      anchors: 1,
      axis: 2,
      from: 0,
      layout: centred ? "cxcywh" : /detection_boxes/.test(boxes.name) ? "yxyx" : "xyxy",
    },
    scores: {
      ...{ value: scores.name, anchors: 1, axis: 2, from: 0, classes },
      link: kind === "softmax" || kind === "sigmoid" || kind === "mixture" ? "none" : exclusive ? "softmax" : "sigmoid",
      ...(exclusive && labels !== classes && { background: queries ? -1 : 0 }),
    },
    why: `'${boxes.name}' holds four numbers and '${scores.name}' a score for each of the same anchors${exclusive && kind === "none" ? ", a softmax over its classes and one for nothing" : ""}`,
  };
};

const BOXES = /box|loc/i;
const SCORES = /score|logit|conf|cls|class/i;
