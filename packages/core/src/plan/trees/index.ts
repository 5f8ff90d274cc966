/** The plan of tree SHAP: which trees are asked, whose columns play, and how what lies behind them is taken. */
import { fail } from "../../errors.ts";
import type { Facts } from "../../graph/facts.ts";
import { type Graph, nodeLabel, opName } from "../../graph/graph.ts";
import { roleOf } from "../../ops/index.ts";
import type { Reading } from "../../reading/index.ts";
import { type Ensemble, ensembleOf, featuresAsked } from "../../trees/index.ts";
import { derivativeStep, ownStep } from "../derivative-step.ts";
import type { Path } from "../path.ts";
import { type Columns, playersIn } from "../players.ts";
import { ASKING } from "../reaches.ts";
import type { ResolvedRecipe } from "../recipe.ts";
import type { Step } from "../step.ts";
import { type Named, regionsOf, type Trees } from "./regions.ts";

export interface PlannedTrees extends Trees {
  readonly ensemble: Ensemble;
  /** By feature. */
  readonly playerOf: readonly number[];
}

export interface TreesPlan extends Columns {
  readonly trees: readonly PlannedTrees[];
  readonly linear: readonly Step[];
  readonly waist?: string;
  readonly bent: readonly Step[];
}

interface Given {
  readonly graph: Graph;
  readonly facts: Facts;
  readonly recipe: ResolvedRecipe;
  readonly reading: Reading;
}

/** Errors: Unsupported where the model is not made of trees alone, BadRecipe for scores that are no sum over them. */
export const planTrees = (path: Path, { graph, facts, recipe, reading }: Given) => {
  checkScore(recipe, path);
  const named = path.nodes.map((node): Named => ({ node, role: roleOf(node, facts) }));
  const regions = regionsOf(named, path.start, facts);
  if (regions.wrong !== undefined) {
    const { node, why, before } = regions.wrong;
    throw fail("Unsupported", {
      what: "no sum over trees",
      where: node && `${opName(node)} '${nodeLabel(node)}'`,
      why,
      fix: `${before === undefined ? "name a value before it with --output" : `--output '${before}' explains what lies before it`}, or take ${ASKING}`,
    });
  }
  const moving = [...path.explained, ...path.along];
  const { players, columns, playersOf } = playersIn(moving, { graph, facts, reading });
  const trees = regions.trees.map((one): PlannedTrees => {
    const ensemble = ensembleOf(one.node);
    const reader = { node: one.node, value: one.node.input[0]!, who: "the trees" };
    return { ...one, ensemble, playerOf: playersOf(reader, featuresAsked(ensemble)) };
  });
  const linear = regions.linear.map(({ node, role }) =>
    derivativeStep(node, role, "a sum, or a constant factor: by its derivative"),
  );
  const bent = regions.bent.map(({ node, role }) =>
    derivativeStep(node, role, `behind '${regions.waist}': by the difference it makes`),
  );
  const own: TreesPlan = {
    trees,
    players,
    columns,
    linear,
    bent,
    ...(regions.waist !== undefined && { waist: regions.waist }),
  };
  const steps = [...trees.map(treeStep), ...linear, ...bent].sort(
    (a, b) => path.nodes.indexOf(a.node) - path.nodes.indexOf(b.node),
  );
  return { own, steps, notices: noticesOf(own, recipe) };
};

const checkScore = ({ seed, score }: ResolvedRecipe, { reading }: Path): void => {
  const softmax = reading.link.kind === "softmax";
  if (score === "probability" && softmax)
    throw fail("BadRecipe", {
      what: "the probability of several classes by tree-shap",
      why: "a softmax of several scores is no function of one sum over trees",
      fix: "explain the class's raw score, or A minus B, the log of the ratio of their probabilities",
    });
  if ((seed === "log-odds" || seed === "half-log-odds") && softmax)
    throw fail("BadRecipe", {
      what: `seed ${seed} by tree-shap`,
      why: "the other classes' share of a softmax depends on the row: it is no sum over trees",
      fix: "take seed logit or contrastive, or the target A minus B",
    });
};

const treeStep = ({ node, ensemble, inner }: PlannedTrees): Step =>
  ownStep(
    node,
    "shapley",
    `${ensemble.trees} ${ensemble.trees === 1 ? "tree" : "trees"} of ${ensemble.leaves.length} leaves${inner.length > 0 ? `; ${inner.length} nodes behind it are numbers of its leaves` : ""}`,
  );

const noticesOf = ({ trees, waist }: TreesPlan, { params }: ResolvedRecipe): readonly string[] => {
  const count = trees.reduce((n, { ensemble }) => n + ensemble.trees, 0);
  const leaves = trees.reduce((n, { ensemble }) => n + ensemble.leaves.length, 0);
  const said = [`tree-shap: ${count} trees, ${leaves} leaves`];
  if (params.baseline === "thresholds")
    said.push(
      "no background is given: rows are compared with one row, each column just below the middle of the thresholds that the trees hold against it (--references FILE takes rows of the data)",
    );
  if (waist !== undefined)
    said.push(
      `what is made of '${waist}' is not a sum over trees: each background row's Shapley values are weighed by the difference it makes, complete but no Shapley value (--output '${waist}' explains the sum itself)`,
    );
  return said;
};
