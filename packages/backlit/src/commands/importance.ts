/** backlit importance: how much worse a model does when a column's values are dealt out anew. */
import { scorers } from "@backlit/core";
import { importanceFiles, importanceJob, importanceReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { writeFiles } from "../host/write-files.ts";
import { addEffects, type EffectsOptions, effectsRequest } from "../options/effects.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Register, working, wrote } from "./command.ts";

interface ImportanceOptions extends EffectsOptions {
  readonly metric?: string;
  readonly repeats?: number;
  readonly seedRng?: number;
}

export const importanceCommand: Register = (program, io) => {
  const command = program
    .command("importance")
    .description("how much worse a model does when a column of a table is dealt out anew among the rows: permutation importance")
    .option(
      "--metric <name>",
      `${scorers.map(({ name, what }) => `${name} (${what})`).join(", ")}; default: accuracy, of numbers r2`,
    )
    .option("--repeats <n>", "random orders of each column (default: 10)", wholeNumber("repeats"))
    .option("--seed-rng <n>", "seed of the random orders (default: 0)", wholeNumber("seed-rng", 0));
  addEffects(command).action((model: string, data: string, options: ImportanceOptions) =>
    working(io, options, async (voice, context) => {
      const { metric, repeats, seedRng, json, quiet } = options;
      const result = await importanceJob(
        {
          ...(await effectsRequest(model, data, options)),
          ...(metric !== undefined && { scorer: metric }),
          ...(repeats !== undefined && { repeats }),
          ...(seedRng !== undefined && { random: seedRng }),
        },
        context,
      );
      const files = await importanceFiles(result, options);
      await writeFiles(files);
      voice.tell();
      if (json) sayJson(io, result, 0);
      else if (!quiet) say(io, result, (shown) => `${importanceReport(shown, io)}${wrote(files)}`);
    }),
  );
};
