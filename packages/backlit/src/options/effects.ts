/** Options of commands that move the columns of a table. */

import type { EffectsFiles } from "@backlit/workbench";
import type { Command } from "commander";
import { checkOutputs } from "../host/write-files.ts";
import { allowHelp, collect, type ModelOptions, modelRequest } from "./choices.ts";
import { GROUP, namedGroups } from "./column-groups.ts";
import { checkEndings } from "./endings.ts";
import { DEVICE, type EngineOptions, THREADS } from "./engine.ts";
import { wholeNumber } from "./whole-number.ts";

export interface EffectsOptions extends ModelOptions, EngineOptions, EffectsFiles {
  readonly label?: string;
  readonly limit?: number;
  readonly output?: string;
  readonly group?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const addEffects = (command: Command): Command =>
  command
    .argument("<model>", "an .onnx file, a folder, or a bundled name (backlit models)")
    .argument("<data>", "a table: .csv, .parquet, .json records, or rows as .npy or .npz")
    .option(...GROUP, collect)
    .option(
      "--label <column>",
      "the column of the table that holds what is right, and is no feature (default: label, class, target or y)",
    )
    .option("--limit <n>", "the first n rows only", wholeNumber("limit"))
    .option("--output <value>", "read this output (default: the first)")
    .option("--labels <file>", "names of the classes: a list as JSON, or one a line (default: beside the model, or in its file)")
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option("--allow <name=n>", allowHelp, collect)
    .option(...THREADS)
    .option(...DEVICE)
    .option("--charts <file>", "write charts as .svg: several get the column's name behind it")
    .option("--values <file>", "write all values as .csv or .parquet")
    .option("--report <file>", "write a page as .html")
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown");

/** Throws Usage, NotFound; looks at the files to be written before the work begins. */
export const effectsRequest = async (model: string, data: string, options: EffectsOptions) => {
  const { label, limit, output, group, charts, values, report } = options;
  checkEndings({ charts, values, report });
  const files = [charts, values, report].filter((path) => path !== undefined);
  if (files.length > 0) await checkOutputs(files, [model, data]);
  return {
    ...modelRequest(model, options),
    data,
    ...(label !== undefined && { label }),
    ...(limit !== undefined && { limit }),
    ...(output !== undefined && { output }),
    ...namedGroups({ group }),
  };
};
