/**
 * The plan: for every node between the explained input and the output, which rule it gets and why, and what would be lost there.
 * Pure: graph and recipe in, plan out. `inspect` prints it, `emit` writes it.
 */

import { flowOf } from "../compiled/index.ts";
import { dependents } from "../graph/between.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, opName } from "../graph/graph.ts";
import { wholeValues } from "../graph/whole.ts";
import { isFloat } from "../reading/element-kinds.ts";
import type { Reading } from "../reading/index.ts";
import type { RuleSpec } from "../rules/index.ts";
import { type Assigned, ruleFor } from "./assign.ts";
import { batchNormsAsLayers, isBatchNorm } from "./batch-norm.ts";
import { boundsOf } from "./bounds.ts";
import { bridged } from "./bridges.ts";
import { gateValues } from "./gates.ts";
import { headOf } from "./head.ts";
import { losses } from "./losses.ts";
import { describeLayers } from "./match.ts";
import { type NeuralisedPlan, planNeuralised } from "./neuralised/index.ts";
import { findPath, type Path } from "./path.ts";
import { checkReached } from "./reaches.ts";
import type { ResolvedRecipe } from "./recipe.ts";
import { resolveRoles } from "./roles.ts";
import { nonnegativeValues } from "./signs.ts";
import { startingAt } from "./starting-at.ts";
import type { Step } from "./step.ts";
import { planTrees, type TreesPlan } from "./trees/index.ts";
import { unboundedValues } from "./unbounded.ts";
import { type Visits, visitsOf } from "./visits.ts";

const DETACH: RuleSpec = { name: "detach" };

export interface Plan extends Path {
  readonly recipe: ResolvedRecipe;
  /** In topological order; the walk takes them backwards. */
  readonly steps: readonly Step[];
  readonly nonnegative: ReadonlySet<string>;
  /** Values that may be infinite or no number. */
  readonly unbounded: ReadonlySet<string>;
  /** How often the first layer visits the pixels of explained values, where some more often than others. */
  readonly visits?: Readonly<Record<string, Visits>>;
  /** Of tree SHAP. */
  readonly trees?: TreesPlan;
  /** Of neuralised models. */
  readonly neuralised?: NeuralisedPlan;
}

/**
 * Gives every node on the way its rule, with the reason; decides what is explained, where relevance starts, and what is known
 * of signs. The graph is canonized. Errors: Unsupported for nodes without a rule, unless the recipe detaches them; BadRecipe.
 */
export const makePlan = (graph: Graph, facts: Facts, recipe: ResolvedRecipe, reading: Reading): Plan => {
  const path = findPath(graph, facts, recipe, reading);
  const notices = [...path.notices];
  if (flowOf(recipe) === "shapley") {
    const { own, steps, notices: told } = planTrees(path, { graph, facts, recipe, reading });
    return { ...path, notices: [...notices, ...told], recipe, steps, nonnegative: new Set(), unbounded: new Set(), trees: own };
  }
  if (flowOf(recipe) === "neuralised") {
    const { own, steps, notices: told } = planNeuralised(path, { graph, facts, reading });
    return {
      ...path,
      notices: [...notices, ...told],
      recipe,
      steps,
      nonnegative: new Set(),
      unbounded: new Set(),
      neuralised: own,
    };
  }
  const explained = new Set(path.explained);
  const reached = new Set([...path.explained, ...path.nodes.flatMap((node) => node.output)]);
  const nonnegative = nonnegativeValues(graph, facts);
  const ends = { explained: path.explained, start: path.start, whole: wholeValues(graph) };
  const roles = resolveRoles(path.nodes, facts, ends, { recipe, notices });
  const head = headOf(roles, path.reading);
  const layers = describeLayers(
    roles.map(({ node, role }) => ({ node, kind: role.kind, inputs: role.inputs })),
    { facts, axes: reading.axes, explained: path.explained, nonnegative, head: head.layers },
  );
  const gates = gateValues(graph);
  const live = dependents(graph, [
    ...path.explained,
    ...graph.inputs.filter((input) => isFloat(input) && !path.takes.masks.includes(input.name)).map(({ name }) => name),
  ]);
  const relevance = flowOf(recipe) === "relevance";
  const held = new Set<string>(); // depend on the explained input through detached nodes only: constants of the explanation
  const open = new Set<Step>(); // batch norms that no rule of the recipe names
  const ruled = roles.map(({ node, role, unsupported }, i): Step => {
    const layer = layers[i]!;
    // Values beyond the explained one (when it lies inside the graph) receive nothing, nor do truths and whole numbers.
    const inputs = role.inputs.filter(
      (k) =>
        !held.has(node.input[k]!) &&
        reached.has(node.input[k]!) &&
        (explained.has(node.input[k]!) || !ends.whole.has(node.input[k]!)) &&
        (explained.has(node.input[k]!) || !graph.inputs.some((input) => input.name === node.input[k])),
    );
    const sharing = role.inputs.filter((k) => live.has(node.input[k]!) && !held.has(node.input[k]!));
    const { rule, why, named }: Assigned =
      unsupported === undefined
        ? ruleFor({ role, layer, inputs: sharing }, { recipe, gates, facts })
        : { rule: DETACH, why: `detached: ${unsupported}`, named: true };
    const step: Step = {
      node,
      op: role.label ?? opName(node),
      role,
      rule,
      why,
      inputs,
      sharing,
      loses: losses(node, role, rule),
      ...(layer.head && { head: true }),
      ...(head.tail.has(node) && { tail: true }),
      ...(unsupported !== undefined && { unsupported }),
      ...(layer.index !== undefined && { index: layer.index }),
    };
    if (relevance && (rule.name === "detach" || sharing.length === 0)) for (const name of node.output) held.add(name);
    if (!named && isBatchNorm(step)) open.add(step);
    return step;
  });
  const layered = relevance && recipe.params.batchnorm === "layer";
  const assigned = layered ? batchNormsAsLayers(ruled, open, recipe.stabilizer) : ruled;
  const bounds = boundsOf(assigned, { facts, explained, reading, scaled: layered });
  const bounded = assigned.map((step): Step => (bounds.has(step) ? { ...step, bounds: bounds.get(step)! } : step));
  const steps = flowOf(recipe) === "difference" ? bridged(bounded, facts, ends) : bounded;
  if (recipe.onUnsupported !== "detach") checkReached(steps, ends); // who detaches knows
  const unbounded = unboundedValues(graph, facts, path.explained);
  const visits = visitsIn(steps, facts, path.explained);
  return { ...path, notices, recipe: startingAt(recipe, steps, path), steps, nonnegative, unbounded, ...(visits && { visits }) };
};

/** Of the explained values that have some. */
const visitsIn = (steps: readonly Step[], facts: Facts, explained: readonly string[]): Plan["visits"] => {
  const found = explained.flatMap((value) => {
    const visits = visitsOf(steps, facts, value);
    return visits === undefined ? [] : [[value, visits] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
};
