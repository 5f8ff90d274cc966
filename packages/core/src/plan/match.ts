/** Which rule entry a layer gets: the keys of a match, one by one. */
import { CONVOLUTION, type Match } from "../composites/index.ts";
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import type { Kind } from "../ops/index.ts";
import { type AxesReading, type AxisRole, SPATIAL } from "../reading/index.ts";
import { expansions } from "./expansions.ts";
import { strideShares } from "./strides.ts";

export interface Layer {
  readonly node: GraphNode;
  readonly kind: Kind;
  /** Position among the layers with weights; undefined for other nodes. */
  readonly index?: number;
  readonly first: boolean;
  readonly firstConvolution: boolean;
  readonly everyFirst: boolean;
  readonly head: boolean;
  /** Its input is known to be ≥ 0. */
  readonly nonnegative: boolean;
  /** It reads a linear bottleneck, and a depthwise convolution reads what it makes. */
  readonly expansion: boolean;
  /** Side of the output map over the side of the explained input, where both are known. */
  readonly map?: number;
  /** Stride of the output map over the net's total stride; ∞ where it is no map. */
  readonly strideShare: number;
}

const list = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

const globs = new Map<string, RegExp>();
const glob = (pattern: string): RegExp => {
  const known = globs.get(pattern);
  if (known) return known;
  const made = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*/g, ".*")
      .replace(/\?/g, ".")}$`,
  );
  globs.set(pattern, made);
  return made;
};

const names = (node: GraphNode): readonly string[] =>
  [node, ...(node.body ?? [])].flatMap((inner) => [inner.name, ...inner.output]).filter((name) => name !== "");

/** Roots of products of strides are rounded. */
const HALF = 0.5 - 1e-9;

export const matches = (match: Match, layer: Layer): boolean => {
  const { op, kind, name, first, index, range, mapAbove } = match;
  // An entry that names no op, kind or name means layers with weights only.
  if (op === undefined && kind === undefined && name === undefined && layer.index === undefined) return false;
  if (op !== undefined && !list(op).includes(opName(layer.node))) return false;
  if (kind !== undefined && !list(kind).includes(layer.kind)) return false;
  if (name !== undefined && !list(name).some((pattern) => names(layer.node).some((own) => glob(pattern).test(own)))) return false;
  if (first === "convolution" ? !layer.firstConvolution : first !== undefined && layer.first !== first) return false;
  if (match["every-first"] !== undefined && layer.everyFirst !== match["every-first"]) return false;
  if (match.head !== undefined && layer.head !== match.head) return false;
  if (match.nonnegative !== undefined && layer.nonnegative !== match.nonnegative) return false;
  if (match.expansion !== undefined && layer.expansion !== match.expansion) return false;
  if (index !== undefined && (layer.index === undefined || !list(index).includes(layer.index))) return false;
  if (range !== undefined && (layer.index === undefined || layer.index < range[0] || layer.index > range[1])) return false;
  if (mapAbove === "half-stride" ? !(layer.strideShare < HALF) : mapAbove !== undefined && !((layer.map ?? 1) > mapAbove))
    return false;
  return true;
};

/** What a match says, for the plan: "op Conv, first". */
export const describeMatch = (match: Match): string => {
  const parts = Object.entries(match).map(([key, value]) =>
    value === true ? key : `${key} ${Array.isArray(value) ? value.join("|") : value}`,
  );
  return parts.length ? parts.join(", ") : "every layer";
};

/** The layers of a path, numbered in the file's order. */
export const describeLayers = (
  nodes: readonly { readonly node: GraphNode; readonly kind: Kind; readonly inputs: readonly number[] }[],
  {
    facts,
    axes,
    explained,
    nonnegative,
    head,
  }: {
    readonly facts: Facts;
    readonly axes: AxesReading;
    readonly explained: readonly string[];
    readonly nonnegative: ReadonlySet<string>;
    readonly head: ReadonlySet<GraphNode>;
  },
): readonly Layer[] => {
  const layers = nodes
    .filter(({ kind }) => kind === "linear")
    .map(({ node }) => node)
    .sort((a, b) => a.origin - b.origin);
  const position = new Map(layers.map((node, i) => [node, i]));
  const firstConvolution = layers.find((node) => (CONVOLUTION as readonly string[]).includes(opName(node)));
  const sizeAlong = (name: string, role: AxisRole) =>
    facts.shape(name)?.[axes.of(name)?.findIndex((axis) => axis.role === role) ?? -1];
  const along = SPATIAL.find((role) => explained.some((name) => typeof sizeAlong(name, role) === "number"));
  const side = along && explained.map((name) => sizeAlong(name, along)).find((size) => typeof size === "number");
  const strides = strideShares(nodes, facts);
  const behind = new Set(explained); // values no layer lies before
  const widening = expansions(nodes, facts);
  return nodes.map(({ node, kind, inputs }, i) => {
    const fresh = node.input.some((name) => behind.has(name));
    if (fresh && kind !== "linear") for (const name of node.output) behind.add(name);
    const out = along && (sizeAlong(node.output[0]!, along) ?? facts.shape(node.output[0]!)?.slice(2)?.[0]);
    const index = position.get(node);
    return {
      node,
      kind,
      ...(index !== undefined && { index }),
      first: node === layers[0],
      firstConvolution: node === firstConvolution,
      everyFirst: kind === "linear" && fresh,
      head: head.has(node),
      nonnegative: inputs.length > 0 && inputs.every((k) => nonnegative.has(node.input[k]!)),
      expansion: widening.has(node),
      strideShare: strides[i]!,
      ...(typeof side === "number" && typeof out === "number" && { map: out / side }),
    };
  });
};
