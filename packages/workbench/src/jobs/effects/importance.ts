/** The job `importance`: how much worse a model does when a column's values are dealt out anew. */
import { fail, type PermutationImportance, permutationImportance, type Scorer, scorers, VERSION } from "@backlit/core";
import { classesOf } from "../../data/classes.ts";
import { known } from "../../words/known.ts";
import type { JobContext } from "../request.ts";
import { featuresOf, type OpenTable, openTable } from "./open.ts";
import type { EffectsRequest } from "./request.ts";

export interface ImportanceRequest extends EffectsRequest {
  /** A scorer by its name; default: accuracy of classes, r2 of numbers. */
  readonly scorer?: string;
  /** Default 10. */
  readonly repeats?: number;
  /** Seed of the random orders; default 0. */
  readonly random?: number;
}

export interface ImportanceResult extends PermutationImportance {
  readonly v: 1;
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly data: OpenTable["data"];
  readonly scorer: string;
  readonly repeats: number;
  readonly seed: number;
}

/** Errors: Usage for scorers and columns there are not, BadInput for rows without labels, those of opening. */
export const importanceJob = async (request: ImportanceRequest, context: JobContext): Promise<ImportanceResult> => {
  await using open = await openTable(request, context);
  const { repeats = 10, random: seed = 0 } = request;
  const { scorer, right } = judgedBy(open, request);
  const found = await permutationImportance(
    { table: open.cells, features: featuresOf(open, request.groups), right, scorer, repeats, seed },
    open.ask,
  );
  const { bundle, lit, data } = open;
  const model = { name: bundle.name, sha256: await lit.sha256 };
  return { v: 1, version: VERSION, model, data, scorer: scorer.name, repeats, seed, ...found };
};

const judgedBy = (
  open: OpenTable,
  { scorer: asked, data }: ImportanceRequest,
): { readonly scorer: Scorer; readonly right: readonly number[] } => {
  const { outputs, labels, lit, bundle } = open;
  const of = outputs[0]!.of === "value" && outputs.length === 1 ? "numbers" : "classes";
  const fitting = scorers.filter((one) => one.of === of);
  known(
    "scorer",
    asked,
    fitting.map(({ name }) => name),
  );
  const scorer = fitting.find(({ name }) => name === asked) ?? fitting[0]!;
  if (scorer.name === "neg-log-loss" && outputs.some((one) => one.of !== "probability"))
    throw fail("Usage", { what: "neg-log-loss", why: "the model gives no probabilities", fix: "take accuracy or roc-auc" });
  const classOf = classesOf({
    ...(lit.options.labels && { labels: lit.options.labels }),
    ...(bundle.synonyms && { synonyms: bundle.synonyms }),
  });
  const right = labels.map((label, row) => {
    const value = label === undefined || label === "" ? undefined : of === "classes" ? classOf(label) : Number(label);
    const fits = value !== undefined && (of === "numbers" ? Number.isFinite(value) : value < outputs.length);
    if (fits) return value;
    throw fail("BadInput", {
      what:
        label === undefined
          ? "the data does not say what is right"
          : `'${label}' is no ${of === "classes" ? "class of the model" : "number"}`,
      where: label === undefined ? data : `${data}, row ${row}`,
      fix:
        label === undefined
          ? "name its column with --label"
          : of === "classes"
            ? `its classes are ${outputs
                .slice(0, 10)
                .map(({ title }) => title)
                .join(", ")}`
            : "give one",
    });
  });
  return { scorer, right };
};
