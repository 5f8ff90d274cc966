/** What a map is put together of along its channels, and whether a part is a probability already. */
import { opName } from "../../../graph/graph.ts";
import { getInt } from "../../../onnx/attributes.ts";
import { RESHAPES } from "../../moves.ts";
import type { Values } from "../../output/interval.ts";
import type { FeatureMap } from "./maps.ts";

/** Numbers of an anchor in a map: `from` on, of `each` an anchor. */
export interface Part {
  readonly map: FeatureMap;
  readonly anchors: number;
  readonly from: number;
  readonly count: number;
}

/** The maps a map was joined of; itself alone where it was not. */
export const joinedOf = (map: FeatureMap, { producer, facts }: Values): readonly FeatureMap[] => {
  const node = producer(map.value);
  if (node?.opType !== "Concat" || map.anchors !== undefined) return [map];
  const axis = getInt(node, "axis", 0);
  const rank = facts.rank(map.value);
  if ((axis < 0 ? axis + rank : axis) !== map.channel) return [map];
  const sizes = node.input.map((input) => facts.shape(input)?.[map.channel]);
  if (sizes.some((size) => typeof size !== "number")) return [map];
  return node.input.map((value, i) => ({ ...map, value, channels: sizes[i]! }));
};

/** The value before a sigmoid, moved or not; undefined where there is none. */
export const beforeSigmoid = (value: string, { producer }: Pick<Values, "producer">): string | undefined => {
  let name = value;
  for (let node = producer(name); node !== undefined; node = producer(name)) {
    if (node.opType === "Sigmoid") return node.input[0]!;
    if (!RESHAPES.has(opName(node)) && node.opType !== "Transpose") return undefined;
    name = node.input[0]!;
  }
  return undefined;
};

/** Whether one value is computed from another. */
export const dependsOn = (value: string, other: string, { producer }: Pick<Values, "producer">): boolean => {
  const seen = new Set<string>();
  const open = [value];
  for (let name = open.pop(); name !== undefined && seen.size < 64; name = open.pop()) {
    if (name === other) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    for (const input of producer(name)?.input ?? []) open.push(input);
  }
  return false;
};
