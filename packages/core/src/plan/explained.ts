/** What is explained: what the recipe names, else what the model is read to take in. */
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import { type ExplainedReading, readExplained, unanswered } from "../reading/explained.ts";
import { isAside } from "../reading/explained-sums.ts";
import type { ResolvedRecipe } from "./recipe.ts";

export interface Chosen {
  readonly explained: readonly string[];
  /** What the model takes in besides what somebody asked to be explained: a reference is one of all of it. */
  readonly along: readonly string[];
  /** Inputs held fixed: masks, positions, token types. */
  readonly fixed: readonly string[];
  /** What the model is read to take in: why this is explained, and what else could be. */
  readonly takes: ExplainedReading;
}

export const chooseInputs = (
  graph: Graph,
  facts: Facts,
  producer: ReadonlyMap<string, GraphNode>,
  recipe: ResolvedRecipe,
  start: string,
): Chosen => {
  const inputs = graph.inputs.map((input) => input.name);
  const takes = readExplained(graph, facts, start);
  if (recipe.explain !== undefined) {
    for (const name of recipe.explain) {
      if (!inputs.includes(name) && !producer.has(name))
        throw fail("BadRecipe", {
          what: `no value '${name}' to explain`,
          fix: `inputs: ${inputs.join(", ")}; or a value inside the graph (inspect lists them)`,
        });
      if (facts.isConstant(name))
        throw fail("BadRecipe", { what: `'${name}' is a constant`, fix: "name a value that depends on the input" });
    }
    const own = takes.explained.map(({ value }) => value);
    const along = recipe.explain.every((name) => own.includes(name))
      ? own.filter((name) => !recipe.explain!.includes(name) && !isAside({ inputs: [name] }))
      : [];
    return { explained: recipe.explain, along, fixed: inputs.filter((name) => !recipe.explain!.includes(name)), takes };
  }
  if (takes.explained.length === 0) throw unanswered(graph, takes);
  return { explained: takes.explained.map(({ value }) => value), along: [], fixed: takes.fixed.map(({ value }) => value), takes };
};
