/** What stands between output and input, before anything is run: kinds of nodes, rules and why, what would be lost. */
import { type Choices, type Explainer, isBacklitError, nodeLabel, type Planned } from "@backlit/core";
import { describeRule } from "../../report/rule.ts";
import { passesCard } from "../unread.ts";
import type { Preflight } from "./document.ts";

/** `many`: the method asks the model more than once and has no rules of its own. */
export interface Surveyed {
  readonly preflight: Preflight;
  readonly planned: Planned;
  readonly many: boolean;
}

/** Errors: BadRecipe. Nodes without a rule are no error here: the check says so. */
export const surveyed = (lit: Explainer, choices: Choices): Surveyed => {
  const many = passesCard(choices.method) !== undefined;
  const { explain, output } = choices;
  const asked = { ...(explain && { explain }), ...(output && { output }) };
  const planned = plannedBy(lit, many ? { method: "gradient", ...asked } : choices);
  const { plan } = planned;
  const { steps } = plan;
  const kinds = count(steps, ({ role }) => role.kind);
  const layers = steps.filter(({ index }) => index !== undefined);
  return {
    planned,
    many,
    preflight: {
      output: plan.output,
      start: plan.start,
      explained: plan.explained,
      fixed: plan.fixed,
      nodes: steps.length,
      kinds: [...kinds]
        .map(([kind, own]) => ({
          kind,
          nodes: own.length,
          rules: many
            ? {}
            : Object.fromEntries([...count(own, ({ rule }) => describeRule(rule))].map(([name, of]) => [name, of.length])),
        }))
        .sort((a, b) => b.nodes - a.nodes),
      rules: many
        ? []
        : [...count(layers, ({ rule, why }) => JSON.stringify([describeRule(rule), why]))].map(([key, own]) => {
            const [rule, why] = JSON.parse(key) as [string, string];
            return { rule, why, layers: own.length };
          }),
      unsupported: steps.flatMap(({ node, op, unsupported }) =>
        unsupported === undefined ? [] : [{ node: nodeLabel(node), op, why: unsupported }],
      ),
      loses: many
        ? {}
        : Object.fromEntries(
            [
              ...count(
                steps.flatMap(({ loses }) => loses),
                (cause) => cause,
              ),
            ].map(([cause, own]) => [cause, own.length]),
          ),
    },
  };
};

const plannedBy = (lit: Explainer, choices: Choices): Planned => {
  try {
    return lit.inspect(choices);
  } catch (error) {
    if (!isBacklitError(error, "Unsupported")) throw error;
    return lit.inspect({ ...choices, onUnsupported: "detach" });
  }
};

const count = <T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(by(item), [...(found.get(by(item)) ?? []), item]);
  return found;
};
