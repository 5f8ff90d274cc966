/** Groups of layers that are given a rule together: the first layer, convolutions by the size of their maps, dense layers, attention. */

import type { Planned } from "../../compile/index.ts";
import { CONVOLUTION } from "../../composites/index.ts";
import { opName } from "../../graph/graph.ts";
import { maxOf } from "../../numeric/extremes.ts";
import type { Step } from "../../plan/index.ts";
import { describeLayers, type Layer } from "../../plan/match.ts";

type GroupKind = "first" | "convolutions" | "dense" | "attention" | "normalisation" | "products";

export interface LayerGroup {
  readonly name: string;
  readonly kind: GroupKind;
  /** Positions among the layers with weights; of the other kinds: how many nodes there are. */
  readonly layers: readonly number[];
}

/** Groups of convolutions at most. */
const THIRDS = 3;

const headsOf = ({ steps }: Planned["plan"]) => new Set(steps.flatMap(({ node, head }) => (head ? [node] : [])));

export const groupsOf = ({ plan, canonical, reading }: Planned): readonly LayerGroup[] => {
  const nodes = plan.steps.map(({ node, role }) => ({ node, kind: role.kind, inputs: role.inputs }));
  const layers = describeLayers(nodes, { ...plan, facts: canonical.facts, axes: reading.axes, head: headsOf(plan) }).filter(
    ({ index }) => index !== undefined,
  );
  const ordered = [...layers].sort((a, b) => a.index! - b.index!);
  const isConvolution = ({ node }: Layer) => (CONVOLUTION as readonly string[]).includes(opName(node));
  const convolutions = ordered.filter((layer) => !layer.first && isConvolution(layer));
  const dense = ordered.filter((layer) => !layer.first && !isConvolution(layer));
  const having = (kind: Step["role"]["kind"]) => plan.steps.filter(({ role, inputs }) => role.kind === kind && inputs.length > 0);
  const [softmax, bilinear] = [having("softmax"), having("bilinear")];
  const norms = having("normalization");
  const products = plan.steps.filter(({ role, sharing }) => role.kind === "product" && sharing.length > 1);
  const others = (kind: GroupKind, name: string, steps: readonly Step[]): LayerGroup[] =>
    steps.length === 0 ? [] : [{ name: `${name} (${steps.length})`, kind, layers: steps.map((_, i) => i) }];
  return [
    ...(ordered.length > 0 ? [{ name: "first layer", kind: "first" as const, layers: [0] }] : []),
    ...byDepth(convolutions),
    ...(dense.length > 0
      ? [{ name: `dense layers (${dense.length})`, kind: "dense" as const, layers: dense.map(({ index }) => index!) }]
      : []),
    ...(softmax.length > 0 ? others("attention", "attention", bilinear) : []),
    ...others("normalisation", "normalisations", norms),
    ...others("products", "products of two values", products),
  ];
};

/** By the size of the map where it falls with depth, with gamma-depth's border as one of the borders; else thirds of the depth. */
const byDepth = (convolutions: readonly Layer[]): LayerGroup[] => {
  if (convolutions.length === 0) return [];
  const sizes = convolutions.map(({ map }) => map ?? Number.NaN);
  const falling = sizes.every((size, i) => i === 0 || size <= sizes[i - 1]!);
  const parts = falling && sizes.at(-1)! < sizes[0]! ? bySize(convolutions, sizes) : evenly(convolutions, THIRDS);
  const of = (part: readonly Layer[]) => part.map(({ index }) => index!);
  const named = (part: readonly Layer[], i: number) => {
    if (parts.length === 1) return `convolutions (${part.length})`;
    return `${["early", ...(parts.length > 2 ? ["middle"] : []), "late"][i]} convolutions (${part.length})`;
  };
  return parts.map((part, i) => ({ name: named(part, i), kind: "convolutions" as const, layers: of(part) }));
};

const isLarge = ({ strideShare }: Layer): boolean => strideShare < 0.5;

const bySize = (convolutions: readonly Layer[], sizes: readonly number[]): Layer[][] => {
  const falls = sizes.flatMap((size, i) => (i > 0 && size < sizes[i - 1]! ? [i] : []));
  const border = falls.find((i) => !isLarge(convolutions[i]!) && isLarge(convolutions[i - 1]!));
  const cuts = new Set(border === undefined ? [] : [border]);
  // Then the change of size that leaves the most even parts.
  while (cuts.size < THIRDS - 1 && cuts.size < falls.length) {
    const free = falls.filter((i) => !cuts.has(i));
    const largest = (cut: number) => maxOf(cutAt(convolutions, [...cuts, cut]).map(({ length }) => length));
    cuts.add(free.reduce((a, b) => (largest(b) < largest(a) ? b : a)));
  }
  return cutAt(convolutions, [...cuts]);
};

const cutAt = <T>(all: readonly T[], cuts: readonly number[]): T[][] => {
  const at = [0, ...[...cuts].sort((a, b) => a - b), all.length];
  return at.slice(1).map((to, i) => all.slice(at[i]!, to));
};

const evenly = <T>(all: readonly T[], parts: number): T[][] => {
  const count = Math.min(parts, all.length);
  return cutAt(
    all,
    Array.from({ length: count - 1 }, (_, i) => Math.round(((i + 1) * all.length) / count)),
  );
};
