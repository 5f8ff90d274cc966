/** The rule of a node: the first of the recipe that matches and fits, else what its kind does. */
import { compiledMethods, flowOf } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import { nodeLabel, opName } from "../graph/graph.ts";
import type { Role } from "../ops/index.ts";
import { checkRule, type RuleSpec, rules } from "../rules/index.ts";
import { misfit } from "./fits.ts";
import { describeMatch, type Layer, matches } from "./match.ts";
import type { ResolvedRecipe } from "./recipe.ts";
import { TREES } from "./roles.ts";

/** Composites that take sums of moved values by their derivative. */
const DERIVED: ReadonlySet<string> = new Set(["attnlrp", "attnlrp-gamma", "cp-lrp"]);

/** `named`: by a rule of the recipe. */
export type Assigned = { readonly rule: RuleSpec; readonly why: string; readonly named?: true };

/** A node on the way. */
interface Place {
  readonly role: Role;
  readonly layer: Layer;
  /** Inputs that take relevance. */
  readonly inputs: readonly number[];
}

interface Given {
  readonly recipe: ResolvedRecipe;
  /** Values that are gates of products. */
  readonly gates: ReadonlySet<string>;
  readonly facts: Facts;
}

export const ruleFor = ({ role, layer, inputs }: Place, { recipe, gates, facts }: Given): Assigned => {
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
