/** backlit tune: rules searched for on one half of the data, judged on the other. */
import { BUDGET, composites, fail, isBacklitError, type Recipe, type TuneResult, tune } from "@backlit/core";
import type { Voice } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { addReferences, judgedTarget } from "../evaluate/options.ts";
import { referencesFor } from "@backlit/workbench";
import { openSession, type SessionOptions } from "@backlit/workbench";
import { readSettings, type SettingOptions } from "@backlit/workbench";
import { folderStore } from "../host/store.ts";
import { usualImputers } from "@backlit/workbench";
import { checkOutputs, writeFiles } from "../write-files.ts";
import { allowHelp, collect } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { orAborted, wholeNumber } from "./explain.ts";
import { choice, known } from "@backlit/workbench";
import { readRecipe } from "./recipe-file.ts";
import { tuneReport } from "./tune-report.ts";

export interface TuneOptions extends Omit<SettingOptions, "metrics">, SessionOptions {
  readonly metric?: string;
  readonly budget?: number;
  readonly start?: string;
  readonly explain?: string;
  readonly output?: string;
  readonly onUnsupported?: "error" | "detach";
  readonly references?: string;
  readonly cache?: string;
  readonly out?: string;
  readonly seedRng?: number;
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
    .option("--workers <n>", "threads that run the model (default: one a core)", wholeNumber("workers"))
    .option("--seed-rng <n>", "seed of the halves and of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no table, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown")
    .action(async (model: string, data: string, options: TuneOptions) => {
      const { out, json, quiet } = options;
      if (out !== undefined && !/\.json$/i.test(out))
        throw fail("Usage", { what: `--out ${out}`, fix: "name a file that ends in .json" });
      if (out !== undefined) await checkOutputs([out], [model, data]);
      const voice = voiceOf(io, quiet);
      const interrupt = new AbortController();
      const ignore = io.onInterrupt(() => interrupt.abort());
      try {
        const result = await orAborted(run(model, data, options, voice, interrupt.signal), interrupt.signal);
        if (out !== undefined) await writeFiles([{ path: out, chunks: [recipeFile(result)] }]);
        voice.tell();
        if (json) sayJson(io, result);
        else if (!quiet) say(io, { result, out }, (shown) => tuneReport(shown.result, io, shown.out));
      } finally {
        ignore();
        voice.done();
      }
    });
};

const run = async (model: string, path: string, options: TuneOptions, voice: Voice, signal: AbortSignal): Promise<TuneResult> => {
  const { explain, metric, onUnsupported, cache, budget, start } = options;
  const starts = start === undefined ? undefined : await readStarts(start);
  await using session = await openSession(model, path, options, voice);
  const { bundle, data, masked, range, lits } = session;
  const shared = onUnsupported === undefined ? {} : { onUnsupported };
  const { target, output } = lits[0]!.settled({
    ...(session.target !== undefined && { target: session.target }),
    ...(options.output !== undefined && { output: options.output }),
  });
  const asked = { ...(explain !== undefined && { explain }), ...(output !== undefined && { output }) };
  const references = await referencesFor(options, session, [{ ...shared, ...asked }]);
  const { plan } = lits[0]!.inspect({ ...shared, ...asked });
  const [explained] = plan.explained as [string];
  const usual = { data, explained, asked, references, note: voice.note };
  const settings = readSettings(
    { ...options, ...(metric !== undefined && { metrics: metric }) },
    { masked, imputer: options.imputer === undefined ? await usualImputers(lits[0]!, usual) : [] },
  );
  if (new Set(settings.map((setting) => setting.metric)).size > 1)
    throw fail("Usage", { what: `--metric ${metric}`, fix: "tune by one metric" });
  try {
    const result = await tune(lits, {
      ...{ model: bundle.name, data, settings, shared, signal, seed: options.seedRng ?? 0 },
      ...asked,
      ...(target !== undefined && { target }),
      ...(range && { range }),
      ...(budget !== undefined && { budget }),
      ...(starts && { starts }),
      ...(references && { references }),
      ...(cache !== undefined && { store: folderStore(cache) }),
      onProgress: (stage, done, total) => voice.working(`${stage}, ${done} of ${total}`),
    });
    result.notices.forEach(voice.note);
    return result;
  } catch (error) {
    throw isBacklitError(error, "BadRecipe") ? fail("Usage", error.parts, error) : error;
  }
};

const readStarts = async (text: string): Promise<readonly { readonly name: string; readonly recipe: Recipe }[]> => {
  const names = text.split(",").map((name) => name.trim());
  return Promise.all(
    names.map(async (name) => {
      if (/\.json$/i.test(name)) return { name, recipe: (await readRecipe(name)).recipe };
      known("composite", name, ["auto", ...Object.keys(composites)]);
      return { name, recipe: { composite: name } };
    }),
  );
};

/** Adds fields that say where the recipe came from; `parseRecipe` does not read them. */
const recipeFile = ({ recipe, hash, verdict, model, settings }: TuneResult): Uint8Array =>
  new TextEncoder().encode(
    `${JSON.stringify({ ...recipe, what: `backlit tune on ${model.name} by ${settings[0]!.metric}: ${verdict.why}`, hash }, null, 2)}\n`,
  );
