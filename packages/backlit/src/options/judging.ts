/** Options that `evaluate` and `compare` share: what is judged, by what, how. */

import { fail } from "@backlit/core";
import { literal, type SettingsRequest } from "@backlit/workbench";
import type { Command } from "commander";
import { addAxes, allowHelp, collect, HOLD, type ModelOptions, modelRequest, pairs, SAMPLE_RATE } from "./choices.ts";
import { GROUP, GROUPS, groupsSaid } from "./column-groups.ts";
import { addDetector, type DetectorChoices } from "./detector-options.ts";
import { DEVICE, type EngineOptions, THREADS } from "./engine.ts";
import { addPictures, type PictureChoices } from "./picture-options.ts";
import { addReadingOptions, type ReadingChoices } from "./reading-options.ts";
import { addTextColumns } from "./text-columns.ts";
import { wholeNumber, workerCount } from "./whole-number.ts";

/** What is said of pictures, of detectors, and of tables, whose rows are set apart from something. */
export const addReferences = (command: Command): Command =>
  addAxes(addTextColumns(addDetector(addPictures(addReadingOptions(command)))))
    .option(...HOLD)
    .option("--references <file>", "reference inputs: an .npy or a table of several, or a folder of pictures");

/** Of every command that judges. */
export const judgedTarget =
  'top: the predicted class; label: the data\'s; or one for all samples: an index, a label (label:NAME), "A minus B", value:NAME';

export const addJudging = (command: Command): Command =>
  addReferences(command)
    .option(...GROUP, collect)
    .option(...GROUPS)
    .option("--metrics <names>", "metrics, with commas: backlit metrics lists them (default: srg)")
    .option(
      "--unit <units>",
      "what is removed together: auto, pixel, grid:K, slic:COUNT, channel, token, feature, given (the groups); several with commas",
    )
    .option(
      "--imputer <imputers>",
      "what stands in for removed values; several with commas (default: zero,blur; the mask token or padding of texts; a usual row for tables)",
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
    .option(...SAMPLE_RATE)
    .option("--allow <name=n>", allowHelp, collect)
    .option("--cache <folder>", "keep finished work there: a stopped run goes on")
    .option("--workers <n>", "threads that run the model (default: auto, one a core)", workerCount)
    .option(...THREADS)
    .option(...DEVICE)
    .option("--seed-rng <n>", "seed of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no table, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown");

export interface SettingOptions {
  readonly metrics?: string;
  readonly unit?: string;
  readonly imputer?: string;
  readonly score?: string;
  readonly set?: readonly string[];
}

/** What `addJudging` reads, but the model's and the data's names. */
export interface JudgingOptions
  extends EngineOptions,
    SettingOptions,
    PictureChoices,
    DetectorChoices,
    ReadingChoices,
    Pick<ModelOptions, "layout" | "batchAxis" | "channelAxis" | "hold"> {
  readonly sampleRate?: number;
  readonly target?: string;
  readonly labels?: string;
  readonly label?: string;
  readonly textColumns?: readonly string[];
  readonly limit?: number;
  readonly dim?: readonly string[];
  readonly allow?: readonly string[];
  readonly explain?: string;
  readonly output?: string;
  readonly references?: string;
  readonly group?: readonly string[];
  readonly groups?: string;
  readonly cache?: string;
  readonly workers?: number;
  readonly seedRng?: number;
}

/** Throws Usage. */
export const judgedRequest = (model: string, data: string, options: JudgingOptions) => {
  const { target, label, limit, workers, explain, output, references, cache, seedRng } = options;
  return {
    ...modelRequest(model, options),
    data,
    settings: readSettings(options),
    ...(target !== undefined && { target }),
    ...(label !== undefined && { label }),
    ...(limit !== undefined && { limit }),
    ...(workers !== undefined && { workers }),
    ...(explain !== undefined && { explain }),
    ...(output !== undefined && { output }),
    ...(references !== undefined && { references }),
    ...groupsSaid(options),
    ...(cache !== undefined && { store: cache }),
    ...(seedRng !== undefined && { random: seedRng }),
  };
};

const readSettings = ({ metrics, unit, imputer, score, set }: SettingOptions): SettingsRequest => {
  const list = <K extends string>(key: K, option: string, text: string | undefined) =>
    (text === undefined ? {} : { [key]: listOf(option, text) }) as { readonly [P in K]?: readonly string[] };
  const names = metrics === undefined ? ["srg"] : listOf("metrics", metrics);
  return {
    metrics: names,
    ...list("units", "unit", unit),
    ...list("imputers", "imputer", imputer),
    ...list("scores", "score", score),
    ...(set && { parameters: ownParameters(set, names) }),
  };
};

/** Names with commas between. The manual's a|b is a choice; whoever copies it means all of them. Throws Usage. */
export const listOf = (option: string, text: string): readonly string[] => {
  const parts = [...new Set(text.split(/[,|]/).map((part) => part.trim()))].filter((part) => part !== "");
  if (parts.length === 0) throw fail("Usage", { what: `--${option} names nothing`, fix: "give names with commas between" });
  return parts;
};

/** METRIC.key=value */
const ownParameters = (given: readonly string[], names: readonly string[]) => {
  const found: Record<string, Record<string, unknown>> = {};
  for (const [key, value] of pairs("set", given)) {
    const [metric = "", name] = key.split(".", 2);
    if (name === undefined || !names.includes(metric))
      throw fail("Usage", { what: `--set ${key}=${value}`, fix: `write METRIC.key=value, METRIC one of ${names.join(", ")}` });
    found[metric] = { ...found[metric], [name]: listLike(value) ? value : literal(value) };
  }
  return found;
};

/** Counts such as 0,1,5 are one parameter's text. */
const listLike = (value: string): boolean => /^[\d.]+(,[\d.]+)+$/.test(value);
