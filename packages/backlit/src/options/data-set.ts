/** Options of commands that look at a whole data set with one way of explaining. */

import { composites, METHODS } from "@backlit/core";
import type { DataSetRequest, JobContext } from "@backlit/workbench";
import { type Command, Option } from "commander";
import { addAxes, allowHelp, type ChoiceOptions, collect, requestOf, SAMPLE_RATE } from "./choices.ts";
import { addDetector } from "./detector-options.ts";
import { DEVICE, type EngineOptions, THREADS } from "./engine.ts";
import { judgedTarget } from "./judging.ts";
import { addPictures } from "./picture-options.ts";
import { addReadingOptions } from "./reading-options.ts";
import { addTextColumns } from "./text-columns.ts";
import { wholeNumber } from "./whole-number.ts";

export interface DataSetOptions extends Omit<ChoiceOptions, "target">, EngineOptions {
  readonly target?: string;
  readonly label?: string;
  readonly limit?: number;
  readonly cache?: string;
  readonly workers?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The model, its data and how the work is done. */
export const addDataSet = (command: Command): Command =>
  addAxes(addTextColumns(addDetector(addPictures(addReadingOptions(command)))))
    .option("--label <column>", "the column of a table that holds the labels (default: label, class, target or y)")
    .option("--limit <n>", "the first n samples only", wholeNumber("limit"))
    .option(...SAMPLE_RATE)
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option("--labels <file>", "names of the classes: a list as JSON, or one a line (default: beside the model, or in its file)")
    .option("--allow <name=n>", allowHelp, collect)
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown");

/** How relevance goes back, and for which class. */
export const addExplaining = (command: Command): Command =>
  addDataSet(command)
    .option("--method <name>", `how relevance goes back, in one pass: ${METHODS.join(", ")}`)
    .option("--composite <name>", `which layer gets which rule: auto, ${Object.keys(composites).join(", ")}`)
    .addOption(new Option("--recipe <file>", "all choices from a JSON file").conflicts(["method", "composite"]))
    .option("--set <key=value>", "parameter of the composite or method (repeatable)", collect)
    .option("--seed <seed>", "one, logit, log-odds, half-log-odds, contrastive, or contrastive:LABEL")
    .option("--output <value>", "explain this output or value of the graph")
    .option("--target <class>", judgedTarget)
    .option("--cache <folder>", "keep finished work there: a stopped run goes on")
    .option("--workers <n>", "threads that run the model (default: one a core)", wholeNumber("workers"))
    .option(...THREADS)
    .option(...DEVICE);

/** Throws Usage, NotFound, BadRecipe. */
export const dataSetRequest = async (
  model: string,
  data: string,
  options: DataSetOptions,
  context: JobContext,
): Promise<DataSetRequest> => {
  const { target, label, limit, cache, workers, ...choices } = options;
  const { target: _, ...request } = await requestOf(model, choices, context);
  return {
    ...request,
    data,
    ...(target !== undefined && { target }),
    ...(label !== undefined && { label }),
    ...(limit !== undefined && { limit }),
    ...(cache !== undefined && { store: cache }),
    ...(workers !== undefined && { workers }),
  };
};
