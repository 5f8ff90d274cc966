/** backlit tune: rules searched for on one half of the data, judged on the other. */

import { BUDGET, fail, type TuneResult } from "@backlit/core";
import { choice, tuneJob, tuneReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import { allowHelp, collect } from "../options/choices.ts";
import { DEVICE, THREADS } from "../options/engine.ts";
import { addReferences, type JudgingOptions, judgedRequest, judgedTarget } from "../options/judging.ts";
import { wholeNumber, workerCount } from "../options/whole-number.ts";
import { type Register, working } from "./command.ts";

interface TuneOptions extends Omit<JudgingOptions, "metrics"> {
  readonly metric?: string;
  readonly budget?: number;
  readonly start?: string;
  readonly onUnsupported?: "error" | "detach";
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const tuneCommand: Register = (program, io) => {
  const command = program
    .command("tune")
    .description("search rules for each group of layers on one half of the data, and judge them on the other")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "as for evaluate: a folder of pictures, .npz, .npy");
  addReferences(command)
    .option("--metric <name>", "what to tune by: its first score, the mean over the imputers (default: srg)")
    .option("--unit <units>", "what is removed together, as in evaluate")
    .option(
      "--imputer <imputers>",
      "what stands in for removed values; several with commas (default: zero,blur; zero for texts; a usual row for tables)",
    )
    .option("--score <scores>", "what is read from the model: probability, logit, log-odds (default: probability)")
    .option("--set <METRIC.key=value>", "parameter of the metric (repeatable)", collect)
    .option("--budget <n>", `recipes measured at most (default: ${BUDGET})`, wholeNumber("budget"))
    .option("--start <names>", "composites or recipe files to begin with, beside auto; with commas (default: all that fit)")
    .option("--target <class>", judgedTarget)
    .option("--limit <n>", "the first n samples only", wholeNumber("limit", 2))
    .option("--explain <value>", "explain onto this input or value of the graph")
    .option("--output <value>", "explain this output or value of the graph")
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option("--labels <file>", "names of the classes: a list as JSON, or one a line (default: beside the model, or in its file)")
    .option("--allow <name=n>", allowHelp, collect)
    .option(
      "--on-unsupported <what>",
      "at an operator without a rule: error or detach",
      choice("on-unsupported", ["error", "detach"]),
    )
    .option("-o, --out <file>", "write the recipe to use as .json, for --recipe of the other commands")
    .option("--cache <folder>", "keep finished work there: a stopped run goes on")
    .option("--workers <n>", "threads that run the model (default: auto, one a core)", workerCount)
    .option(...THREADS)
    .option(...DEVICE)
    .option("--seed-rng <n>", "seed of the halves and of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no table, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown")
    .action((model: string, data: string, options: TuneOptions) => {
      const { out, json, quiet, metric, budget, start, onUnsupported } = options;
      if (out !== undefined && !/\.json$/i.test(out))
        throw fail("Usage", { what: `--out ${out}`, fix: "name a file that ends in .json" });
      return working(io, options, async (voice, context) => {
        if (out !== undefined) await checkOutputs([out], [model, data]);
        const result = await tuneJob(
          {
            ...judgedRequest(model, data, { ...options, ...(metric !== undefined && { metrics: metric }) }),
            ...(budget !== undefined && { budget }),
            ...(start !== undefined && { starts: start.split(",") }),
            ...(onUnsupported !== undefined && { onUnsupported }),
          },
          context,
        );
        if (out !== undefined) await writeFiles([{ path: out, chunks: [recipeFile(result)] }]);
        voice.tell();
        if (json) sayJson(io, result);
        else if (!quiet) say(io, { result, out }, (shown) => tuneReport(shown.result, io, shown.out));
      });
    });
};

/** Adds fields that say where the recipe came from; `parseRecipe` does not read them. */
const recipeFile = ({ recipe, hash, verdict, model, settings }: TuneResult): Uint8Array =>
  new TextEncoder().encode(
    `${JSON.stringify({ ...recipe, what: `backlit tune on ${model.name} by ${settings[0]!.metric}: ${verdict.why}`, hash }, null, 2)}\n`,
  );
