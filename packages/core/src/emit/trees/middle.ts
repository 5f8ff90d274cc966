/**
 * A row for models that nobody gives a background for: each column just below the middle one of the thresholds that the trees hold
 * against it. Trees ask nothing else of a column, so it lies where their data lay; columns never asked are 0.
 */
import { fail } from "../../errors.ts";
import type { Builder } from "../../graph/builder.ts";
import { opName } from "../../graph/graph.ts";
import type { Plan } from "../../plan/index.ts";

/** Leave every number as it is. */
const MOVES = new Set(["Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Concat", "Gather", "Slice", "Split"]);

/** Constants for the explained values, or for what the trees take in where the columns are changed before. Errors: BadRecipe. */
export const middleRow = (g: Builder, plan: Plan): ReadonlyMap<string, string> => {
  const { trees, players, columns } = plan.trees!;
  const asked: number[][] = Array.from({ length: players }, () => []);
  for (const { ensemble, playerOf } of trees)
    for (const { feature, value, members } of ensemble.splits) asked[playerOf[feature]!]!.push(members[0] ?? value);
  const inputs = [...new Set(trees.map(({ node }) => node.input[0]!))];
  const raw =
    inputs.every((name) => columns.has(name)) ||
    plan.nodes.every((node) => behindTrees(plan).has(node) || MOVES.has(opName(node)));
  const constant = (name: string, row: readonly number[]): [string, string] => {
    const dims = g.facts
      .shapeOf(name)
      .slice(1)
      .map((size) => size ?? 1);
    return [name, g.tensor("background", { type: "float32", dims: [1, ...dims], data: Float32Array.from(row) })];
  };
  if (raw)
    return new Map(
      [...columns].map(([name, own]) =>
        constant(
          name,
          own.map((player) => middleOf(asked[player]!)),
        ),
      ),
    );
  if (inputs.length > 1)
    throw fail("BadRecipe", {
      what: "no background is known",
      why: `the columns are changed before the trees, which take in ${inputs.map((name) => `'${name}'`).join(", ")}`,
      fix: "give rows of the data (--references FILE), or a baseline",
    });
  const [input] = inputs as [string];
  const { ensemble } = trees[0]!;
  const width = g.facts.shapeOf(input)[1] ?? ensemble.splits.length;
  const of = (feature: number) =>
    trees.flatMap((tree) =>
      tree.ensemble.splits.flatMap((split) => (split.feature === feature ? [split.members[0] ?? split.value] : [])),
    );
  return new Map([
    constant(
      input,
      Array.from({ length: width }, (_, feature) => middleOf(of(feature))),
    ),
  ]);
};

const behindTrees = (plan: Plan) =>
  new Set([...plan.steps.map(({ node }) => node), ...plan.trees!.trees.flatMap(({ inner }) => inner)]);

/** Below, so that < and ≤ answer alike. */
const middleOf = (thresholds: readonly number[]): number => {
  if (thresholds.length === 0) return 0;
  const middle = [...thresholds].sort((a, b) => a - b)[Math.floor((thresholds.length - 1) / 2)]!;
  return middle - Math.max(Math.abs(middle) * 2 ** -20, 2 ** -30);
};
