/**
 * Detectors that choose inside: three outputs with as many rows as there are detections, boxes [D, 4], scores [D] and classes [D]
 * (torchvision's SSD, RetinaNet, FCOS, Faster R-CNN), or as many of each sample, [N, D, 4], [N, D], [N, D] (RT-DETR, D-FINE). What is explained is the logit that a score was before anything was chosen.
 */
import type { Graph } from "../../graph/graph.ts";
import { nodesOf, opName } from "../../graph/graph.ts";
import { isFloat } from "../element-kinds.ts";
import type { Values } from "../output/interval.ts";

/** Scores before they are chosen among: [anchors, classes], the batch in front or not. */
interface Choice {
  /** Probabilities, as they come out as scores. */
  readonly scores: string;
  /** What a sigmoid makes probabilities of; absent where a softmax over classes does. */
  readonly logits?: string;
}

export interface SelectedDetector {
  readonly boxes: string;
  readonly scores: string;
  /** Samples stand in front. */
  readonly batched: boolean;
  readonly classes: string;
  /** One for each scale. */
  readonly choices: readonly Choice[];
  /** Boxes are found in a first stage: they stay where they are. */
  readonly proposals: boolean;
}

/** Ops that choose among values, or move them. */
const CHOOSES: ReadonlySet<string> = new Set([
  ...["Gather", "GatherND", "GatherElements", "TopK", "Compress"],
  ...["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "Identity", "Cast", "Slice", "Split"],
]);

/** Undefined for models that are none. */
export const selectedDetector = (
  { outputs, nodes }: Pick<Graph, "outputs" | "nodes">,
  values: Values,
): SelectedDetector | undefined => {
  const { facts } = values;
  const rank = (name: string) => facts.shape(name)?.length;
  const floats = outputs.filter(isFloat).map(({ name }) => name);
  // Exported without names, the three that a suppression leaves tell themselves apart by their shapes.
  const unnamed = outputs.length === 3 && nodesOf({ node: nodes }).some((node) => opName(node) === "NonMaxSuppression");
  const called = (words: RegExp, name: string) => unnamed || words.test(name);
  const boxes = floats.find(
    (name) => [2, 3].includes(rank(name) ?? 0) && facts.shape(name)?.at(-1) === 4 && called(/box/i, name),
  );
  const own = (rank(boxes ?? "") ?? 0) - 1;
  const scores = floats.find((name) => rank(name) === own && called(/score|conf/i, name));
  const classes = outputs.find((one) => !isFloat(one) && rank(one.name) === own && called(/label|class/i, one.name))?.name;
  if (boxes === undefined || scores === undefined || classes === undefined) return undefined;
  const choices = leavesOf(scores, values).map((leaf) => choiceAt(leaf, values));
  if (choices.length === 0 || choices.some((one) => one === undefined)) return undefined;
  const all = choices as Choice[];
  // Scales of a softmax each would be rivals of their own.
  if (all.length > 1 && all.some(({ logits }) => logits === undefined)) return undefined;
  const batched = own === 2;
  return {
    boxes,
    scores,
    batched,
    classes,
    choices: all,
    proposals: nodes.some((node) => /^(RoiAlign|MaxRoiPool)$/.test(opName(node))),
  };
};

/** What the scores are before anything is chosen. */
const leavesOf = (scores: string, { producer }: Values): readonly string[] => {
  const leaves: string[] = [];
  const seen = new Set<string>();
  const open = [scores];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const node = producer(name);
    if (node !== undefined && CHOOSES.has(opName(node))) open.push(node.input[0]!);
    else if (node?.opType === "Concat") for (const part of [...node.input].reverse()) open.push(part);
    else leaves.push(name);
  }
  return leaves;
};

/** A softmax, a sigmoid, or the root of the product of two sigmoids, of classes and of how central an anchor is. */
const choiceAt = (leaf: string, { producer, facts }: Values): Choice | undefined => {
  const classes = facts.shape(leaf)?.at(-1);
  let name = leaf;
  for (let steps = 0; steps < 4; steps++) {
    const node = producer(name);
    if (node === undefined) return undefined;
    const op = opName(node);
    if (op === "Softmax") return steps === 0 ? { scores: leaf } : undefined;
    if (op === "Sigmoid") return { scores: leaf, logits: node.input[0]! };
    if (op === "Sqrt" || op === "Pow") name = node.input[0]!;
    else if (op === "Mul") {
      const side = node.input.find((input) => facts.shape(input)?.at(-1) === classes);
      if (side === undefined) return undefined;
      name = side;
    } else return undefined;
  }
  return undefined;
};
