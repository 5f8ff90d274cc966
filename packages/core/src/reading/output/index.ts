/** What an output means: what kind of numbers it holds, which of its axes counts classes, and what it makes of the logits. */
import type { OutputReading } from "./output-reading.ts";

export type { OutputReading } from "./output-reading.ts";

import type { Facts, Shape, TraceFacts } from "../../graph/facts.ts";
import type { Graph } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import { SPATIAL } from "../axes.ts";
import type { ReadingOptions } from "../options.ts";
import type { AxisReading, AxisRole } from "../roles.ts";
import { channelsOf } from "./class-axis.ts";
import type { Values } from "./interval.ts";
import { kindOf } from "./kind.ts";
import { type Link, linkOf, noLink } from "./link.ts";
import { rangesOf } from "./range.ts";

export interface OutputAsked {
  readonly output: string;
  /** The axis of a value that counts samples; undefined where there is none. */
  readonly batchAxis: (start: string) => number | undefined;
  /** What the axes of a value count, as far as it is known. */
  readonly rolesOf?: (value: string) => readonly AxisReading[] | undefined;
  /** The output is taken as it is: nothing is cut. */
  readonly uncut?: boolean;
}

/** Reads an output of a graph whose activations may be spelled out or not. */
export const readOutput = (
  graph: Graph,
  facts: Facts,
  { output, batchAxis, rolesOf, uncut = false }: OutputAsked,
  said: ReadingOptions & Pick<TraceFacts, "sources"> = {},
): OutputReading => {
  // Units are read node by node: votes over their sum are no less a probability for being a normalization.
  const nodes = graph.nodes.flatMap((node) =>
    LINKS.has(node.opType) ? [node] : (node.body?.map((inner) => ({ ...inner, origin: node.origin })) ?? [node]),
  );
  const made = producersOf(nodes);
  const values: Values = { facts, producer: (value) => made.get(value) };
  const ranges = rangesOf(values);
  // A sigmoid that somebody says gives a size is an activation, no link to a class.
  const aSize = said.outputKind !== undefined && SIZES.has(said.outputKind);
  const found = uncut || aSize ? noLink(output) : linkOf(output, values, ranges);
  // A softmax over the samples is none over classes.
  const link = found.axis !== undefined && found.axis === batchAxis(found.start) ? noLink(output) : found;
  const shape = facts.shapeOf(link.start);
  const batch = batchAxis(link.start);
  const axis = axisOf({ link, shape, batch, roles: rolesOf?.(link.start) ?? [] }, values, said);
  const width = shape.reduce<number | null>((n, d, i) => (i === batch ? n : n === null || d === null ? null : n * d), 1);
  const size = axis.axis === undefined ? (width === 1 ? 1 : null) : (shape[axis.axis] ?? null);
  const kind = kindOf(
    {
      output,
      link,
      classes: size,
      width,
      said: said.outputKind,
      labels: said.labels,
      source: said.sources?.get(output),
      range: ranges(output),
      nodes: graph.nodes,
      outputs: graph.outputs.map(({ name }) => name),
    },
    values,
  );
  const sign = kind.kind === "distances" || kind.turned ? -1 : 1;
  const classes = !SIZES.has(kind.kind);
  // A single number that nothing is known of is explained as it is; whoever names class 0 or 1 takes it for a logit.
  const twoClasses = width === 1 && (classes || (kind.kind === "values" && kind.guessed));
  return { ...kind, output, link, classAxis: axis.axis, whyAxis: axis.why, sign, twoClasses, classes };
};

/** Spelled out or not, they are one operator on the logits. */
const LINKS: ReadonlySet<string> = new Set(["Softmax", "LogSoftmax", "Sigmoid"]);

const SIZES: ReadonlySet<string> = new Set(["regression", "distances", "outlier-score", "values"]);

interface Start {
  readonly link: Link;
  readonly shape: Shape;
  readonly batch: number | undefined;
  readonly roles: readonly AxisReading[];
}

/** They count places, not what stands there. */
const PLACES: readonly AxisRole[] = [...SPATIAL, "token", "node"];

const axisOf = (
  { link, shape, batch, roles }: Start,
  values: Values,
  { classAxis, labels }: ReadingOptions,
): { readonly axis: number | undefined; readonly why: string } => {
  if (classAxis !== undefined) {
    const axis = classAxis < 0 ? classAxis + shape.length : classAxis;
    if (axis >= 0 && axis < shape.length) return { axis, why: "said so" };
  }
  if (link.axis !== undefined) return { axis: link.axis, why: `the ${link.cut} runs over it` };
  const rest = shape.flatMap((_, i) => (i === batch ? [] : [i]));
  const wide = rest.filter((i) => shape[i] !== 1);
  const roleOf = (i: number): AxisRole => roles[i]?.role ?? "unknown";
  if (rest.length <= 1 && !rest.some((i) => roleOf(i) === "node")) return { axis: rest[0], why: "it is the only one" };
  const named = labels === undefined ? [] : wide.filter((i) => shape[i] === labels);
  if (named.length === 1) return { axis: named[0], why: `it has the size of the ${labels} class names` };
  const open = rest.filter((i) => !PLACES.includes(roleOf(i)));
  const candidates = open.some((i) => shape[i] !== 1) ? open.filter((i) => shape[i] !== 1) : open;
  if (candidates.length === 1 && candidates.length < rest.length) {
    const places = [...new Set(wide.filter((i) => i !== candidates[0]).map(roleOf))];
    return { axis: candidates[0], why: places.length > 0 ? `the others count ${places.join(" and ")}` : "it is the only one" };
  }
  const channels = channelsOf(link.start, values);
  if (channels !== undefined && candidates.includes(channels))
    return { axis: channels, why: "the channels of the layer that makes it" };
  if (wide.length === 1 && candidates.length > 0) return { axis: wide[0], why: "it is the only one" };
  return { axis: undefined, why: open.length === 0 ? "all its axes count places" : "nothing tells" };
};

export { hasProbability, noProbability } from "./has-probability.ts";
export type { KindReading } from "./kind.ts";
export { OUTPUT_KINDS, type OutputKind } from "./kind.ts";
export { hasLikelihoods } from "./likelihoods.ts";
export type { Link } from "./link.ts";
