/** Options of `concepts`, and of what sends it to a fleet. */
import { type Covariance, fail, type Mode, type Statistic } from "@backlit/core";
import { type ConceptsRequest, choice, type JobContext } from "@backlit/workbench";
import type { Command } from "commander";
import { collect } from "./choices.ts";
import { addExplaining, type DataSetOptions, dataSetRequest } from "./data-set.ts";
import { wholeNumber } from "./whole-number.ts";

export interface ConceptsOptions extends DataSetOptions {
  readonly value?: readonly string[];
  readonly by?: Mode;
  readonly statistic?: Statistic;
  readonly raw?: boolean;
  readonly top?: number;
  readonly perClass?: number;
  readonly vectors?: boolean;
  readonly prototypes?: number | true;
  readonly covariance?: Covariance;
  readonly judge?: boolean;
}

export const addConcepts = (command: Command): Command =>
  addExplaining(
    command
      .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
      .argument("<data>", "as for evaluate: a folder of pictures, .npz, .npy, .parquet, .csv, .txt")
      .option("--value <value>", "a value inside whose channels are looked at (repeatable)", collect)
      .option("--by <mode>", "relevance or activation (default: both)", choice("by", ["relevance", "activation"]))
      .option("--statistic <name>", "over positions: sum or max (default: sum)", choice("statistic", ["sum", "max"]))
      .option("--raw", "rank by relevance as it is, not by its share of the layer's")
      .option("--top <n>", "samples kept of each channel (default: 8)", wholeNumber("top"))
      .option("--per-class <n>", "samples kept of each channel and class (default: none)", wholeNumber("per-class"))
      .option("--vectors", "the channel relevances of every sample too, in --json and --out")
      .option(
        "--prototypes [n]",
        "prototypes of every class, at most n (default: 4): what explain --ordinary and compile --ordinary take",
        wholeNumber("prototypes"),
      )
      .option(
        "--judge",
        "whether channels with much relevance matter (switched off in its order), and whether reference samples are stable",
      )
      .option("--covariance <kind>", "of prototypes: diag or full (default: diag)", choice("covariance", ["diag", "full"])),
  );

/** Throws Usage, NotFound, BadRecipe. */
export const conceptsRequest = async (
  model: string,
  data: string,
  options: ConceptsOptions,
  context: JobContext,
): Promise<ConceptsRequest> => {
  const { value, by, statistic, raw, top, perClass, vectors, prototypes, covariance, judge } = options;
  if (covariance !== undefined && prototypes === undefined)
    throw fail("Usage", { what: "--covariance", fix: "it goes with --prototypes" });
  if (value === undefined)
    throw fail("Usage", { what: "no --value", fix: "name a value inside the model; backlit inspect lists them" });
  return {
    ...(await dataSetRequest(model, data, options, context)),
    values: value,
    ...(by && { modes: [by] }),
    ...(statistic && { statistic }),
    ...(raw && { share: false }),
    ...(top !== undefined && { top }),
    ...(perClass !== undefined && { perClass }),
    ...(vectors && { vectors }),
    ...(judge && { judged: true }),
    ...(prototypes !== undefined && {
      prototypes: { ...(prototypes !== true && { components: prototypes }), ...(covariance && { covariance }) },
    }),
  };
};
