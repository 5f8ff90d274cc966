/**
 * Boxes and scores side by side in one output: [N, anchors, 5 + classes] with an objectness (YOLOv5, v7), [N, 4 + classes, anchors] without
 * (v8 to v11), [N, anchors, 6] of boxes, score and class that were chosen inside (v10).
 */
import { opName } from "../../graph/graph.ts";
import { getInt, getInts } from "../../onnx/attributes.ts";
import { RESHAPES } from "../moves.ts";
import type { Range, Values } from "../output/interval.ts";
import type { Detector } from "./detector.ts";

interface Part {
  readonly value: string;
  readonly size: number;
}

/** `labels`: how many class names there are. */
export const mergedDetector = (
  output: string,
  values: Values,
  rangeOf: (value: string) => Range,
  labels?: number,
): Detector | undefined => {
  const shape = values.facts.shape(output);
  if (shape?.length !== 3) return undefined;
  for (const axis of [2, 1]) {
    const width = shape[axis];
    if (width === null || width === undefined || width < 5) continue;
    const parts = partsAlong(output, axis, values);
    if (parts === undefined) continue;
    const anchors = axis === 2 ? 1 : 2;
    const at = (from: number) => ({ value: output, anchors, axis, from });
    const boxes = { ...at(0), layout: "cxcywh" as const };
    if (isChosen(parts, values))
      return {
        boxes: { ...boxes, layout: "xyxy" },
        scores: { ...at(4), classes: 1, link: "none" },
        chosen: at(5),
        why: "boxes, a score and the number of a class side by side, chosen inside the model",
      };
    const rest = scoresBehind(parts, rangeOf, labels);
    if (rest === undefined || rest.width !== width - 4) continue;
    const objectness = rest.width > 1 && (labels === undefined ? axis === 2 : labels === rest.width - 1);
    return {
      boxes,
      scores: { ...at(objectness ? 5 : 4), classes: rest.width - Number(objectness), link: "none" },
      ...(objectness && { objectness: at(4) }),
      why: `four coordinates, ${objectness ? "an objectness " : ""}and sigmoids side by side`,
    };
  }
  return undefined;
};

/** What a value is put together of along an axis, wherever that is moved. */
const partsAlong = (value: string, axis: number, { producer, facts }: Values): readonly Part[] | undefined => {
  let [name, along] = [value, axis];
  for (let steps = 0; steps < 64; steps++) {
    const node = producer(name);
    const shape = facts.shape(name);
    if (node === undefined || shape === undefined) return undefined;
    const op = opName(node);
    if (op === "Concat") {
      const own = getInt(node, "axis", 0);
      if ((own < 0 ? own + shape.length : own) === along)
        return node.input.map((input) => ({ value: input, size: facts.shape(input)?.[along] ?? Number.NaN }));
    } else if (op === "Transpose") {
      const perm = getInts(node, "perm");
      if (perm === undefined) return undefined;
      along = perm[along]!;
    } else if (RESHAPES.has(op)) {
      const before = facts.shape(node.input[0]!);
      // It stays an axis of its own where it is the last, or everything behind it.
      if (before === undefined || before.at(-1) !== shape.at(-1) || along !== shape.length - 1) {
        if (before === undefined || before[along] !== shape[along]) return undefined;
      } else along = before.length - 1;
    } else return undefined;
    name = node.input[0]!; // of several scales the first
  }
  return undefined;
};

/** Four coordinates, a score, and a whole number made into a float. */
const isChosen = (parts: readonly Part[], { producer }: Values): boolean => {
  if (parts.map(({ size }) => size).join() !== "4,1,1") return false;
  let node = producer(parts.at(-1)!.value);
  while (node !== undefined && opName(node) !== "Cast" && RESHAPES.has(opName(node))) node = producer(node.input[0]!);
  return node !== undefined && opName(node) === "Cast";
};

/** Behind four coordinates: numbers from 0 to 1. */
const scoresBehind = (
  parts: readonly Part[],
  rangeOf: (value: string) => Range,
  labels: number | undefined,
): { readonly width: number } | undefined => {
  let from = 0;
  const behind: Part[] = [];
  for (const part of parts) {
    if (from >= 4) behind.push(part);
    else if (from + part.size > 4) return undefined;
    from += part.size;
  }
  const within = ({ value }: Part) => {
    const { low, high } = rangeOf(value);
    return low >= 0 && high <= 1 + 1e-4;
  };
  const coordinates = parts.slice(0, parts.length - behind.length);
  const width = behind.reduce((sum, { size }) => sum + size, 0);
  // Where all lie between 0 and 1 they may be shares of something else, unless there are as many classes (RT-DETR).
  if (behind.length === 0 || !behind.every(within) || (coordinates.every(within) && width !== labels)) return undefined;
  return { width };
};
