/** Options that `evaluate` and `compare` share: what is judged, by what, how. */
import type { Command } from "commander";
import { allowHelp, collect } from "../commands/choices.ts";
import { wholeNumber } from "../commands/explain.ts";
import { addMean } from "../commands/reading-options.ts";

/** What sets rows of a table apart is a difference from something. */
export const addReferences = (command: Command): Command =>
  addMean(command).option(
    "--references <file>",
    "reference inputs for auto on tables, deep-shap, expected-gradients and simple-taylor",
  );

/** Of every command that judges. */
export const judgedTarget =
  'top: the predicted class; label: the data\'s; or one for all samples: an index, a label (label:NAME), "A minus B", value:NAME';

export const addJudging = (command: Command): Command =>
  addReferences(command)
    .option("--metrics <names>", "metrics, with commas: backlit metrics lists them (default: srg)")
    .option(
      "--unit <units>",
      "what is removed together: auto, pixel, grid:K, slic:COUNT, channel, token, feature; several with commas",
    )
    .option(
      "--imputer <imputers>",
      "what stands in for removed values; several with commas (default: zero,blur; zero for texts; a usual row for tables)",
    )
    .option("--score <scores>", "what is read from the model: probability, logit, log-odds, top-1 (default: probability)")
    .option("--set <METRIC.key=value>", "parameter of a metric (repeatable)", collect)
    .option("--target <class>", judgedTarget)
    .option("--label <column>", "the column of a table that holds the labels (default: label, class, target or y)")
    .option("--limit <n>", "the first n samples only", wholeNumber("limit"))
    .option("--explain <value>", "explain onto this input or value of the graph")
    .option("--output <value>", "explain this output or value of the graph")
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option("--labels <file>", "names of the classes: a list as JSON, or one a line (default: beside the model, or in its file)")
    .option("--allow <name=n>", allowHelp, collect)
    .option("--cache <folder>", "keep finished work there: a stopped run goes on")
    .option("--workers <n>", "threads that run the model (default: one a core)", wholeNumber("workers"))
    .option("--seed-rng <n>", "seed of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no table, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown");
