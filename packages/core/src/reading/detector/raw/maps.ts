/** Maps of a detector's head: outputs, or what outputs are joined of, that lie on a grid of cells over the picture. */
import type { Graph } from "../../../graph/graph.ts";
import { opName } from "../../../graph/graph.ts";
import { append } from "../../../numeric/extremes.ts";
import { isFloat } from "../../element-kinds.ts";
import { RESHAPES } from "../../moves.ts";
import type { Values } from "../../output/interval.ts";

/** Axes count from 0, the batch included. */
export interface FeatureMap {
  readonly value: string;
  /** The axis of anchors, where they have one. */
  readonly anchors?: number;
  readonly channel: number;
  readonly height: number;
  readonly width: number;
  /** Along the channel axis, and along that of anchors (1). */
  readonly channels: number;
  readonly count: number;
  /** Pixels of the input a cell. */
  readonly stride: number;
  /** A sigmoid lies behind it. */
  readonly squashed?: true;
}

type Walked = Pick<FeatureMap, "value" | "squashed">;

/** The picture's sizes; undefined where no input is one. */
const pictureOf = (
  { inputs }: Pick<Graph, "inputs">,
  { facts }: Values,
): readonly [height: number, width: number] | undefined => {
  const dims = inputs.filter(isFloat).flatMap(({ name }) => {
    const seen = sizesOf(name, { facts });
    return seen?.length === 4 ? [seen] : [];
  })[0];
  if (dims === undefined) return undefined;
  const [, a, b, c] = dims as [number, number, number, number];
  if (a <= 4) return [b, c];
  return c <= 4 ? [a, b] : undefined;
};

/** As one run had them. */
const sizesOf = (value: string, { facts }: Pick<Values, "facts">): readonly number[] | undefined => {
  const shape = facts.shape(value);
  return shape?.every((size) => size !== null) ? (shape as readonly number[]) : facts.seen(value);
};

/** [anchors?, channel, height, width] by rank, in the order in which they are tried. */
const ORDERS: Readonly<
  Record<number, readonly (readonly [anchors: number | undefined, channel: number, height: number, width: number])[]>
> = {
  4: [
    [undefined, 1, 2, 3],
    [undefined, 3, 1, 2],
  ],
  5: [
    [1, 4, 2, 3],
    [3, 4, 1, 2],
    [1, 2, 3, 4],
  ],
};

/** Cells of fewer pixels are those of a segmentation. */
const LEAST_STRIDE = 4;

const mapAt = (value: string, [height, width]: readonly [number, number], values: Values): FeatureMap | undefined => {
  const dims = sizesOf(value, values);
  for (const [anchors, channel, h, w] of ORDERS[dims?.length ?? 0] ?? []) {
    const stride = height / dims![h]!;
    if (stride < LEAST_STRIDE || !Number.isInteger(stride) || width / dims![w]! !== stride) continue;
    const count = anchors === undefined ? 1 : dims![anchors]!;
    return {
      value,
      ...(anchors !== undefined && { anchors }),
      channel,
      height: h,
      width: w,
      channels: dims![channel]!,
      count,
      stride,
    };
  }
  return undefined;
};

/** Those behind all float outputs; undefined where an output is made of anything else, or the model takes no picture. */
export const mapsOf = (graph: Pick<Graph, "inputs" | "outputs">, values: Values): readonly FeatureMap[] | undefined => {
  const picture = pictureOf(graph, values);
  if (picture === undefined) return undefined;
  const maps: FeatureMap[] = [];
  const open: Walked[] = graph.outputs.filter(isFloat).map(({ name }) => ({ value: name }));
  open.reverse();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, ...passed } = at;
    const map = mapAt(value, picture, values);
    const node = values.producer(value);
    if (map !== undefined) maps.push({ ...map, ...passed });
    else if (node === undefined) return undefined;
    else if (RESHAPES.has(opName(node)) || node.opType === "Transpose") open.push({ ...passed, value: node.input[0]! });
    else if (node.opType === "Sigmoid") open.push({ value: node.input[0]!, squashed: true });
    else if (node.opType === "Concat" && (values.facts.shape(value)?.length ?? 0) <= 3)
      append(
        open,
        [...node.input].reverse().map((input) => ({ ...passed, value: input })),
      );
    else return undefined;
  }
  return maps.length > 0 && !maps.some(({ value }) => knowsCells(value, values)) ? maps : undefined;
};

const MIXES: ReadonlySet<string> = new Set(["Add", "Sub", "Mul", "Div", "Sum", "Pow"]);

/** Whether a grid has been added, or anchors multiplied in: boxes are decoded already. */
const knowsCells = (value: string, { producer, facts }: Values): boolean => {
  const seen = new Set<string>();
  const open = [value];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = producer(name);
    if (node === undefined || seen.has(name)) continue;
    seen.add(name);
    const constants = node.input.filter((input) => input !== "" && facts.isConstant(input));
    if (MIXES.has(node.opType) && constants.some((input) => (facts.shape(input) ?? []).filter((size) => size !== 1).length > 1))
      return true;
    const weighted = constants.some((input) => (facts.shape(input)?.length ?? 0) > 1);
    if (weighted && !MIXES.has(node.opType) && !RESHAPES.has(opName(node))) continue; // a layer
    if (seen.size > 64) return false;
    for (const input of node.input) if (input !== "" && !facts.isConstant(input)) open.push(input);
  }
  return false;
};
