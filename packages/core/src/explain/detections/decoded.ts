/**
 * What makes boxes of raw heads, as ordinary nodes: a value of boxes [N, anchors, 4] in pixels of the input, one of the classes' logits
 * [N, anchors, classes], and where there is one the probability of anything at all [N, anchors, 1]. Anchors are counted scale by scale from the
 * finest, then anchor by anchor of a cell, then row by row: the order in which YOLO's own exports have them.
 */
import { Builder } from "../../graph/builder.ts";
import { producersOf } from "../../graph/producers.ts";
import type { TracedModel } from "../../graph/traced-model.ts";
import type { ModelProto } from "../../onnx/index.ts";
import type { BoxDecoder, HeadScale, RawHeads } from "../../reading/detector/raw/index.ts";
import { Cells } from "./cells.ts";
import { centredBox, distanceBox } from "./formulas.ts";

/** Names of the values. */
export const DETECTIONS = {
  boxes: "detections/boxes",
  scores: "detections/logits",
  objectness: "detections/objectness",
} as const;

/** Which of them the decoder gives as centre and size. */
export const isCentred = (decoder: BoxDecoder): boolean => decoder !== "distances" && decoder !== "dfl";

export const withDecoded = (traced: TracedModel, heads: RawHeads): ModelProto => {
  const { model, graph } = traced;
  const facts = traced.ownFacts();
  const taken = [
    ...graph.nodes.flatMap(({ output }) => output),
    ...graph.initializers.keys(),
    ...graph.inputs.map(({ name }) => name),
  ];
  const g = new Builder(facts, [...taken, ...Object.values(DETECTIONS)], "detections");
  const made = producersOf(graph.nodes);
  const values = { producer: (value: string) => made.get(value) };
  const scales = heads.scales.map((scale) => scaleNodes(new Cells(g, values, scale), scale, heads));
  const named = Object.entries(DETECTIONS).flatMap(([key, output]) => {
    const parts = scales.flatMap((scale) => scale[key as keyof typeof scale] ?? []);
    if (parts.length === 0) return [];
    return {
      opType: "Concat",
      domain: "",
      name: output,
      input: parts,
      output: [output],
      attribute: [{ name: "axis", type: 2, i: 1 }],
    };
  });
  return {
    ...model,
    graph: {
      ...model.graph,
      node: [...model.graph.node, ...g.nodes, ...named],
      initializer: [...model.graph.initializer, ...g.constants],
    },
  };
};

const scaleNodes = (cells: Cells, { boxes, scores, objectness }: HeadScale, { decoder, link }: RawHeads) => {
  const share = objectness && cells.numbers(objectness);
  const box = isCentred(decoder) ? centredBox(cells, decoder, boxes) : distanceBox(cells, decoder, boxes);
  return {
    boxes: cells.listed(box, 4),
    scores: cells.listed(cells.numbers(scores, link === "none"), scores.count),
    ...(share && { objectness: cells.listed(cells.g.op("Sigmoid", [share]), 1) }),
  };
};
