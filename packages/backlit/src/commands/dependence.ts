/** backlit dependence: what a model says on average when a column is moved. */
import { choice, dependenceFiles, dependenceJob, dependenceReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { writeFiles } from "../host/write-files.ts";
import { collect } from "../options/choices.ts";
import { addEffects, type EffectsOptions, effectsRequest } from "../options/effects.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Register, working, wrote } from "./command.ts";

interface DependenceOptions extends EffectsOptions {
  readonly kind?: "pdp" | "ale";
  readonly column?: readonly string[];
  readonly target?: readonly string[];
  readonly steps?: number;
  readonly lines?: number;
}

export const dependenceCommand: Register = (program, io) => {
  const command = program
    .command("dependence")
    .description("what a model says on average when a column of a table is moved: partial dependence, accumulated local effects")
    .option("--column <name>", "a column, or a group by its name (repeatable; default: all)", collect)
    .option(
      "--kind <kind>",
      "pdp: partial dependence with single rows; ale: accumulated local effects (default: pdp)",
      choice("kind", ["pdp", "ale"]),
    )
    .option("--target <class>", "a class by its index or name (repeatable; default: of two the second, else all)", collect)
    .option("--steps <n>", "points of a column of numbers (pdp: 50), or its intervals (ale: 20)", wholeNumber("steps", 2))
    .option("--lines <n>", "rows whose own lines are kept (pdp: 50)", wholeNumber("lines", 0));
  addEffects(command).action((model: string, data: string, options: DependenceOptions) =>
    working(io, options, async (voice, context) => {
      const { kind, column, target, steps, lines, json, quiet } = options;
      const result = await dependenceJob(
        {
          ...(await effectsRequest(model, data, options)),
          ...(kind !== undefined && { kind }),
          ...(column && { columns: column }),
          ...(target && { target }),
          ...(steps !== undefined && { steps }),
          ...(lines !== undefined && { lines }),
        },
        context,
      );
      const files = await dependenceFiles(result, options);
      await writeFiles(files);
      voice.tell();
      if (json) sayJson(io, result, 0);
      else if (!quiet) say(io, result, (shown) => `${dependenceReport(shown, io)}${wrote(files)}`);
    }),
  );
};
