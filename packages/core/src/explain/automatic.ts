/**
 * What `auto` takes on a table, before any recipe is planned: the difference from references, or from a usual row, where either is known.
 * Relevance answers "slope here" there, and the question asked is mostly "what sets this row apart".
 */
import { traitsIn } from "../compile/index.ts";
import { automatic } from "../composites/index.ts";
import { fail } from "../errors.ts";
import { externalOf } from "../onnx/source.ts";
import { centreOf } from "../reading/index.ts";
import { rowsOf } from "./given-references.ts";
import type { LoadedModel } from "./loaded.ts";
import { isNeuralised, isOfTrees, isPlanned } from "./made-of.ts";
import type { ExplainOptions } from "./types.ts";

/** What decides; all else is handed on. */
export type Asked = Partial<ExplainOptions>;

export interface Taken<C> {
  /** With a method named where `auto` takes one that is no LRP. */
  readonly choices: C;
  /** Where the reference comes from; undefined where there is none. */
  readonly reference?: "references" | "mean" | "scaler";
  readonly notices: readonly string[];
}

/** Errors: BadRecipe for a mean that does not fit, and where nothing can be explained. */
export const taken = <C extends Asked>(lit: LoadedModel, choices: C): Taken<C> => {
  const asIs = { choices, notices: [] };
  if (!isOpen(choices)) return asIs;
  if (isOfTrees(lit, choices)) return takenAsMade(lit, choices);
  if (choices.references === undefined && isNeuralised(lit, choices)) return takenAsMade(lit, choices);
  if (!isTable(lit)) return comparable(lit, choices) ?? asIs;
  const references = choices.references && `${rowsOf(choices.references)} references`;
  const usual = references === undefined ? usualRow(lit, choices) : undefined;
  const held = heldBack(choices);
  if (held !== undefined)
    return references === undefined && usual === undefined
      ? asIs
      : {
          choices,
          notices: [`${held} goes with relevance: without it auto takes the difference from ${usual?.what ?? references}`],
        };
  const seeded = lit.against(choices) === undefined ? { seed: "logit" as const } : {};
  if (references !== undefined)
    return {
      choices: { ...choices, ...seeded, method: "deep-shap" },
      reference: "references",
      notices: [said("deep-shap", references)],
    };
  if (usual === undefined)
    return {
      choices,
      notices: [
        "nothing says what a usual row is: with references (--references FILE, rows of the data) or their mean (--mean) auto explains the difference from it, which is what tables are mostly asked for",
      ],
    };
  const { mean, from, what } = usual;
  return {
    choices: { ...choices, ...seeded, method: "deeplift", params: { ...choices.params, baseline: mean } },
    reference: from,
    notices: [said("deeplift", what)],
  };
};

/** Of other tables references are compared with all the same, where DeepLIFT gets through: votes, stacks, calibrated models, Bayes. */
const comparable = <C extends Asked>(lit: LoadedModel, choices: C): Taken<C> | undefined => {
  const { references } = choices;
  if (references === undefined || heldBack(choices) !== undefined || !takesTable(lit)) return undefined;
  if (!isPlanned(lit, choices, "deeplift")) return undefined;
  const seeded = lit.against(choices) === undefined ? { seed: "logit" as const } : {};
  const why = `auto took deep-shap with seed logit: references are given, and the difference from the ${rowsOf(references)} of them goes through every node`;
  return { choices: { ...choices, ...seeded, method: "deep-shap" }, reference: "references", notices: [why] };
};

/** By what the model is made of, in artefacts too: of trees tree SHAP, of clusters and densities their networks. What only relevance has keeps the question as it is. */
export const takenAsMade = <C extends Asked>(lit: LoadedModel, choices: C): Taken<C> => {
  const asIs = { choices, notices: [] };
  if (!isOpen(choices)) return asIs;
  const held = heldBack(choices);
  if (held === undefined && isOfTrees(lit, choices)) return ofTrees(lit, choices);
  return (held === undefined || held === LEDGER) && choices.references === undefined && isNeuralised(lit, choices)
    ? { choices: { ...choices, method: "neuralised" }, notices: [NEURALISED] }
    : asIs;
};

const NEURALISED =
  "auto took neuralised: the score is made of distances from points, and has a slope that says little far away from all of them";

/** Trees have no slope: their values against a background are what there is. */
const ofTrees = <C extends Asked>(lit: LoadedModel, choices: C): Taken<C> => {
  const by = { method: "tree-shap" };
  const told = (against: string) => [`auto took tree-shap: the score is a sum over trees; the background is ${against}`];
  if (choices.references !== undefined)
    return {
      choices: { ...choices, ...by },
      reference: "references",
      notices: told(`the ${rowsOf(choices.references)} references`),
    };
  const usual = usualRow(lit, choices);
  if (usual === undefined) return { choices: { ...choices, ...by }, notices: told("a row of the thresholds' making") };
  const params = { ...choices.params, baseline: usual.mean };
  return { choices: { ...choices, ...by, params }, reference: usual.from, notices: told(usual.what) };
};

const known = new WeakMap<LoadedModel, boolean>();

/** Models are told apart once. */
const isTable = (lit: LoadedModel): boolean => {
  const is = known.get(lit) ?? automatic(traitsIn(lit.traced, lit.options)).difference === true;
  known.set(lit, is);
  return is;
};

/** Whatever the model is made of. */
export const takesTable = ({ traced, options }: LoadedModel): boolean => traitsIn(traced, options).input === "table";

const said = (method: string, what: string): string =>
  `auto took ${method} with seed logit: the model has dense layers only, and explains a table: by the difference from the reference, ${what}`;

/** Nobody chose a method or rules. A score is no rule. */
const isOpen = ({ method, composite, rules, recipe, activation, stabilizer, start, seed, params = {} }: Asked): boolean =>
  [method, composite, rules, recipe, activation, stabilizer, start].every((one) => one === undefined) &&
  (seed === undefined || seed === "logit") &&
  Object.keys(params).every((key) => key === "output");

const LEDGER = "a ledger";

/** What only relevance has. */
const heldBack = ({ ledger, strict, layers = [], channels = [], conditions }: Asked): string | undefined =>
  ledger || strict
    ? LEDGER
    : conditions !== undefined
      ? "a condition"
      : layers.length > 0 || channels.length > 0
        ? "relevance of inner values"
        : undefined;

/** One number for all columns, or one for each. */
export interface UsualRow {
  readonly mean: number | readonly number[];
  /** Who says so. */
  readonly from: "mean" | "scaler";
  readonly what: string;
}

/** Errors: BadRecipe for a mean that does not fit. */
export const usualRow = (lit: LoadedModel, { explain, output }: Asked): UsualRow | undefined => {
  const { traced, facts, options } = lit;
  const { plan } = lit.outline({ explain, output });
  const columns = plan.explained.map((name) => facts.shapes.get(name)?.at(-1) ?? 1);
  const several = new Set([...plan.explained, ...plan.along]).size > 1;
  const said = options.reading?.mean;
  if (said !== undefined) {
    if (typeof said !== "number" && (several || said.length !== columns[0]))
      throw fail("BadRecipe", {
        what: `a mean of ${said.length} numbers`,
        where: plan.explained.join(", "),
        why: several ? "several inputs go to the reference together" : `its rows have ${columns[0]}`,
        fix: "give one number, or one for each column",
      });
    return { mean: said, from: "mean", what: "the mean given" };
  }
  // All inputs go to the reference together: one that has no scaler has no usual row.
  if (several) return undefined;
  const external = externalOf(options.source ?? {});
  const centre = centreOf({ graph: traced.graph, columns: columns[0]!, external }, plan.explained[0]!);
  if (centre === undefined) return undefined;
  const { values, node } = centre;
  const what =
    centre.is === "mean" ? `the means in '${node}' at the input` : `the row that the model's own scaler ('${node}') takes to 0`;
  return { mean: values.length === 1 ? values[0]! : values, from: "scaler", what };
};
