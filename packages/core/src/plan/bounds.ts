/**
 * The box of z^B is that of the explained input. Where the layer reads it directly, or moved so that the channels stay where the layer's
 * are, bounds are constants along the layer's channels. Elsewhere (pictures cut into patches, channels last, a batch norm in front) they
 * go the way of the input: through the nodes between, which `emit` writes once more for each bound.
 */

import { fail } from "../errors.ts";
import type { Facts, Shape } from "../graph/facts.ts";
import { type GraphNode, nodeLabel } from "../graph/graph.ts";
import { isLinear, type LinearRole } from "../ops/index.ts";
import type { Reading } from "../reading/index.ts";
import { isBatchNorm } from "./batch-norm.ts";
import type { Bounds, Step } from "./step.ts";

interface Given {
  readonly facts: Facts;
  readonly explained: ReadonlySet<string>;
  readonly reading: Reading;
  /** Scales and shifts by constants take the bounds along: `params.batchnorm: "layer"`. */
  readonly scaled: boolean;
}

/** By step; absent where the bounds lie along the layer's own channels. Errors: BadRecipe (as many bounds as no axis is long). */
export const boundsOf = (steps: readonly Step[], given: Given): ReadonlyMap<Step, Bounds> => {
  const producer = new Map(steps.flatMap((step) => step.node.output.map((name) => [name, step] as const)));
  return new Map(
    steps.flatMap((step) => {
      const bounds = step.rule.name === "zbox" ? wayTo(step, producer, given) : undefined;
      return bounds === undefined ? [] : [[step, bounds] as const];
    }),
  );
};

const wayTo = (
  { node, role, rule, inputs }: Step,
  producer: ReadonlyMap<string, Step>,
  { facts, explained, reading, scaled }: Given,
): Bounds | undefined => {
  if (!isLinear(role) || inputs.length !== 1) return undefined;
  const read = node.input[inputs[0]!]!;
  const way: Step[] = [];
  let of = read;
  while (!explained.has(of)) {
    const step = producer.get(of);
    if (step === undefined || !handsOn(step, scaled)) return undefined; // an inner layer: its box is its own
    way.unshift(step);
    of = step.node.input[step.inputs[0]!]!;
  }
  const channels = Math.max(lengthOf(rule.low), lengthOf(rule.high));
  const affine = way.some(({ role: { kind } }) => kind !== "structural");
  const shape = facts.shapeOf(of);
  const own = ownAxis(node, role, facts.rank(read));
  const named = reading.axes.of(of)?.findIndex((axis) => axis.role === "channel") ?? -1;
  const told = named >= 0 && (channels === 1 || shape[named] === channels) ? named : undefined;
  // Bounds that do not say their axes run along the channels, where they fit them.
  const moved = way.length > 0 || told === undefined;
  const fits = own !== undefined && facts.shapeOf(read)[own] === channels && (moved || told === own);
  if (!affine && (channels === 1 || fits)) return undefined;
  const axis = told ?? sized(shape, channels, way.length === 0 && own === undefined);
  if (axis === undefined)
    throw fail("BadRecipe", {
      what: `a box for ${channels} channels`,
      where: `node '${nodeLabel(node)}'`,
      why: `'${of}' is ${shape.map((d) => d ?? "?").join("×")}`,
      fix: "give low and high as one number, or one for each channel of the input",
    });
  return { of, axis, through: way.map(between), elementwise: way.every(isElementwise) };
};

const between = ({ node, role }: Step) => ({ node, scales: role.kind !== "structural" });

const ELEMENTWISE = new Set(["Identity", "Dropout", "Cast"]);
const isElementwise = ({ node, role }: Step) => role.kind !== "structural" || ELEMENTWISE.has(node.opType);

const handsOn = (step: Step, scaled: boolean): boolean => {
  const { node, role, rule, inputs } = step;
  if (inputs.length !== 1 || node.output.length !== 1 || node.body !== undefined) return false;
  if (role.kind === "structural") return !("adds" in role && role.adds);
  return scaled && (role.kind === "scale" || role.kind === "shift") && (!isBatchNorm(step) || rule.name === "pass");
};

const lengthOf = (bound: unknown): number => (Array.isArray(bound) ? bound.length : 1);

/** Where the layer's channels lie in its input; those of a matrix product of rows lie last, and bounds along them are values. */
const ownAxis = ({ opType }: GraphNode, { inputAxis = 1 }: LinearRole, rank: number): number | undefined =>
  opType === "MatMul" && rank > 2 ? undefined : inputAxis;

/** The first axis behind the batch that is as long (or the last one). */
const sized = (shape: Shape, channels: number, last: boolean): number | undefined => {
  if (channels === 1) return Math.min(1, shape.length - 1);
  const found = shape.flatMap((d, axis) => (axis > 0 && d === channels ? [axis] : []));
  return last ? found.at(-1) : found[0];
};
