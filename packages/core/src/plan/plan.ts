/**
 * The plan: for every node between the explained input and the output, which rule it gets and why, and what would be lost there.
 * Pure: graph and recipe in, plan out. `inspect` prints it, `emit` writes it.
 */

import { compiledMethods, flowOf } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import { dependents } from "../graph/between.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import { wholeValues } from "../graph/whole.ts";
import { getString } from "../onnx/attributes.ts";
import { nothingFlows } from "../ops/constant-pieces.ts";
import { type Role, roleOf } from "../ops/index.ts";
import { isFloat } from "../reading/element-kinds.ts";
import type { Reading } from "../reading/index.ts";
import { checkRule, type RuleSpec, rules } from "../rules/index.ts";
import { isTrees } from "../trees/index.ts";
import { batchNormsAsLayers, isBatchNorm } from "./batch-norm.ts";
import { boundsOf } from "./bounds.ts";
import { bridged } from "./bridges.ts";
import { type Ends, nodesOnPath } from "./carriers.ts";
import { misfit } from "./fits.ts";
import { gateValues } from "./gates.ts";
import { headOf } from "./head.ts";
import { describeLayers, describeMatch, type Layer, matches } from "./match.ts";
import { type NeuralisedPlan, planNeuralised } from "./neuralised/index.ts";
import { findPath, type Path } from "./path.ts";
import { ASKING, checkReached } from "./reaches.ts";
import type { ResolvedRecipe } from "./recipe.ts";
import { nonnegativeValues } from "./signs.ts";
import type { Step } from "./step.ts";
import { planTrees, type TreesPlan } from "./trees/index.ts";
import { unboundedValues } from "./unbounded.ts";
import { type Visits, visitsOf } from "./visits.ts";

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
        ? ruleFor(role, layer, sharing, recipe, gates, facts)
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

/** Rules whose denominator is of a fixed sign: relevance starts as v, not as v ⊙ z. */
const SIGNED = new Set(["zplus", "alpha-beta", "wsquare", "flat", "zbox"]);

/** The recipe with its start decided. Errors: BadRecipe, where the head has another rule than the seed can enter by. */
const startingAt = (recipe: ResolvedRecipe, steps: readonly Step[], { reading }: Path): ResolvedRecipe => {
  if (recipe.start === "direct") {
    const other = steps.find(({ head, rule }) => head && rule.name !== "epsilon");
    if (other !== undefined)
      throw fail("BadRecipe", {
        what: `start "direct" at a head with rule '${other.rule.name}'`,
        where: `node '${nodeLabel(other.node)}'`,
        why: "only ε takes the seed as it is",
        fix: 'give {"match": {"head": true}, "rule": {"name": "epsilon"}} first, or start "product"',
      });
    return recipe;
  }
  if (recipe.start !== "fitting") return recipe;
  const { start: _, ...plain } = recipe;
  const first = steps.findLast(({ rule }) => rules[rule.name]?.groups !== undefined);
  if (first === undefined || !SIGNED.has(first.rule.name)) return plain;
  // For one logit the class has a sign, a direction is what it is; elsewhere e_t is seed one.
  return reading.twoClasses || plain.seed === "direction" ? { ...plain, start: "plain" } : { ...plain, seed: "one" };
};

const TREES: Role = { kind: "selection", inputs: [0], vjp: () => "" };
const DETACHED: Role = { kind: "structural", inputs: [], vjp: () => "" };
const DERIVED: ReadonlySet<string> = new Set(["attnlrp", "attnlrp-gamma", "cp-lrp"]);
const DETACH: RuleSpec = { name: "detach" };

/** What is said of a node without a rule whose relevance is dropped. */
export const detachedNotice = (node: GraphNode, why: string): string =>
  `${opName(node)} '${nodeLabel(node)}' is detached: ${why}`;

interface Resolved {
  readonly node: GraphNode;
  readonly role: Role;
  readonly unsupported?: string;
}

/**
 * Roles of all nodes; those without one are detached, or are one error that counts them. Where no relevance can go, none is needed:
 * the node's results are positions, sizes, conditions, or lead to nothing else.
 */
const resolveRoles = (
  nodes: readonly GraphNode[],
  facts: Facts,
  ends: Ends,
  { recipe, notices }: { readonly recipe: ResolvedRecipe; readonly notices: string[] },
): readonly Resolved[] => {
  // A difference goes through trees, which have no slope: emit/trees/pairwise.ts.
  const jumps = flowOf(recipe) === "difference";
  const found = new Map(nodes.map((node) => [node, jumps && isTrees(node) ? TREES : roleOf(node, facts)]));
  const needed = nodesOnPath(found, ends);
  const resolved = nodes.map((node): Resolved => {
    const role = found.get(node)!;
    if (typeof role !== "string") return { node, role };
    if (!needed.has(node)) return { node, role: nothingFlows(node, facts) as Role };
    return { node, role: DETACHED, unsupported: facts.whyLeft(node) ?? role };
  });
  const missing = resolved.filter(({ unsupported }) => unsupported !== undefined);
  const [first, ...others] = missing;
  if (first === undefined) return resolved;
  if (recipe.onUnsupported === "detach") {
    for (const { node, unsupported } of missing) notices.push(detachedNotice(node, unsupported!));
    return resolved;
  }
  const more = others.length === 0 ? "" : ` (and ${others.length} more of ${nodes.length} nodes)`;
  throw fail("Unsupported", {
    what: `cannot explain through ${opName(first.node)}`,
    where: `node '${nodeLabel(first.node)}'`,
    why: `${first.unsupported}${more}`,
    fix: `take ${ASKING}; explain a value after it with --explain; or drop its relevance with --on-unsupported detach; inspect lists all`,
  });
};

/** `named`: by a rule of the recipe. */
type Assigned = { readonly rule: RuleSpec; readonly why: string; readonly named?: true };

const ruleFor = (
  role: Role,
  layer: Layer,
  inputs: readonly number[],
  recipe: ResolvedRecipe,
  gates: ReadonlySet<string>,
  facts: Facts,
): Assigned => {
  if (flowOf(recipe) !== "relevance") return derivativeRule(role, recipe);
  const entry = recipe.rules.findIndex(({ match, rule }) => {
    if (!matches(match, layer)) return false;
    const why = misfit(rule, role, layer.node, facts);
    // A composite is meant for whatever it fits; a rule somebody wrote for this operator is a mistake.
    if (why !== undefined && recipe.composite === undefined && (match.op !== undefined || match.kind !== undefined))
      throw fail("BadRecipe", {
        what: `rule '${rule.name}' does not fit ${opName(layer.node)}`,
        where: `node '${nodeLabel(layer.node)}'`,
        why,
      });
    return why === undefined; // a name may stand for a whole block: its other nodes keep their own rules
  });
  if (entry >= 0) {
    const { match, rule } = recipe.rules[entry]!;
    if (rule.name === "signal-takes-all") return signalTakesAll(rule, layer, inputs, gates);
    const { domain } = rules[rule.name]!;
    const known = match.nonnegative ? "never negative" : match.first ? domain : undefined;
    const where = known === undefined ? "" : `; its input is ${known}`;
    return {
      rule,
      named: true,
      why: `rule ${entry + 1}${recipe.composite ? ` of ${recipe.composite}` : ""}: ${describeMatch(match)}${where}`,
    };
  }
  switch (role.kind) {
    case "linear":
      return { rule: { name: "epsilon", epsilon: recipe.stabilizer }, why: "no rule of the recipe matches this layer" };
    case "sum":
      if (role.copies) return { rule: { name: "follow" }, why: "relevance follows the values" };
      return { rule: { name: "norm" }, why: "no weights: in proportion to the summands" };
    case "activation":
      return recipe.activation === "gradient"
        ? { rule: { name: "gradient" }, why: "the composite takes activations by their derivative" }
        : { rule: { name: "pass" }, why: "activations pass relevance" };
    case "scale":
      return { rule: { name: "pass" }, why: "a constant factor" };
    case "shift":
      return { rule: { name: "pass" }, why: "a constant addend" };
    case "product":
      return productRule(layer, inputs, recipe, gates);
    case "bilinear":
      return { rule: checkRule({ name: "bilinear" }), why: "a matrix product of two values: half each" };
    case "normalization":
      return { rule: { name: "norm" }, why: "the scale is held fixed" };
    case "softmax":
      return { rule: { name: "taylor" }, why: "first-order Taylor expansion" };
    case "selection":
      return { rule: { name: "winner" }, why: "winner takes all" };
    case "structural":
      // What several values met in is shared. AttnLRP's reference takes it by its derivative, and conformance with it.
      if (role.adds && !DERIVED.has(recipe.composite ?? ""))
        return { rule: { name: "norm" }, why: "values are added up: in proportion to the summands" };
      return { rule: { name: "follow" }, why: "relevance follows the values" };
  }
};

const derivativeRule = (role: Role, recipe: ResolvedRecipe): Assigned => {
  if (role === TREES)
    return { rule: { name: "shapley" }, why: "trees: exact Shapley values of their columns, against the reference" };
  const { activation } = compiledMethods[recipe.method]!;
  const fits = role.kind === "activation" && (activation?.at === "relu" ? role.relu : role.cutsNegative) === true;
  if (activation !== undefined && fits) return { rule: activation.rule(recipe.params), why: activation.why };
  return { rule: { name: "gradient" }, why: recipe.method };
};

const productRule = (layer: Layer, inputs: readonly number[], recipe: ResolvedRecipe, gates: ReadonlySet<string>): Assigned =>
  recipe.params.product === "uniform"
    ? { rule: { name: "uniform" }, why: "a product of two values: half each" }
    : signalTakesAll(SIGNAL, layer, inputs, gates);

const SIGNAL: RuleSpec = { name: "signal-takes-all" };

/** The rule with its gate named, where one factor is one. */
const signalTakesAll = (
  rule: RuleSpec,
  { node, kind }: Layer,
  inputs: readonly number[],
  gates: ReadonlySet<string>,
): Assigned => {
  const gate = node.opType === "Div" ? -1 : inputs.find((i) => gates.has(node.input[i]!));
  const half: RuleSpec = kind === "bilinear" ? checkRule({ name: "bilinear", epsilon: rule.epsilon }) : { name: "uniform" };
  if (inputs.length < 2) return { rule: half, why: "the other factor is held fixed" };
  if (gate === undefined || gate < 0) return { rule: half, why: "a product of two values, neither a gate: half each" };
  return {
    rule: kind === "bilinear" ? { ...rule, gate } : { name: rule.name, gate },
    why: "one factor is a gate: all to the signal",
  };
};

const losses = (node: GraphNode, role: Role, rule: RuleSpec): string[] => {
  if (role.kind === "structural") {
    if (role.inputs.length === 0) return ["detached: all of it"];
    return node.opType === "Pad" && getString(node, "mode", "constant") === "constant" ? ["what lands on the padding"] : [];
  }
  if (role.kind !== "linear" && role.kind !== "sum") return [];
  const lost: string[] = [];
  const biased = role.kind === "linear" && role.bias !== undefined && rule.zero_params !== "bias";
  if (biased && !["flat", "zbox", "gradient", "pass"].includes(rule.name)) lost.push("the bias's share");
  if (typeof rule.epsilon === "number" && rule.epsilon > 1e-5) lost.push(`what ε = ${rule.epsilon} damps`);
  if (["zplus", "alpha-beta"].includes(rule.name)) lost.push("outputs without such a contribution");
  return lost;
};
