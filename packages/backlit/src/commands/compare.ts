/** backlit compare: two runs of evaluate, or two recipes on the same data. */
import { type CompareOptions, compareRuns, fail, isBacklitError, type RunComparison } from "@backlit/core";
import type { Voice } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { comparisonText } from "@backlit/workbench";
import { addJudging } from "../evaluate/options.ts";
import { readResult } from "../evaluate/result-file.ts";
import type { Io } from "../io.ts";
import { type Register, voiceOf } from "./command.ts";
import { type EvaluateOptions, runEvaluation } from "./evaluate-run.ts";
import { orAborted } from "./explain.ts";
import { known } from "@backlit/workbench";

interface CompareCommandOptions extends Omit<EvaluateOptions, "methods" | "out" | "report"> {
  readonly recipes?: string;
  readonly methods?: string;
}

export const compareCommand: Register = (program, io) => {
  const command = program
    .command("compare")
    .description("two runs of evaluate side by side; or, with --recipes, two recipes on the same data")
    .argument("<a>", "a folder or result.json that evaluate --out wrote; with --recipes the model")
    .argument("<b>", "another; with --recipes the data")
    .option("--recipes <a,b>", "two recipe files, methods or composites to evaluate against each other")
    .option(
      "--methods <pairs>",
      "which method of A against which of B: NAME, or A=B; with commas (default: those of equal names)",
    );
  addJudging(command).action(async (a: string, b: string, options: CompareCommandOptions) => {
    const voice = voiceOf(io, options.quiet);
    const interrupt = new AbortController();
    const ignore = io.onInterrupt(() => interrupt.abort());
    try {
      const work = options.recipes === undefined ? ofRuns(a, b, options) : ofRecipes(a, b, options, voice, interrupt.signal);
      const comparison = await orAborted(work, interrupt.signal);
      voice.tell();
      print(comparison, options, io);
    } finally {
      ignore();
      voice.done();
    }
  });
};

const print = (comparison: RunComparison, { json, quiet }: CompareCommandOptions, io: Io): void => {
  if (json) sayJson(io, comparison);
  else if (!quiet) say(io, comparison, comparisonText);
};

const ofRuns = async (a: string, b: string, options: CompareCommandOptions): Promise<RunComparison> => {
  const [one, other] = await Promise.all([readResult(a), readResult(b)]);
  const pairs = pairsOf(options.methods);
  for (const [mine, theirs] of pairs ?? []) {
    known("method of A", mine, [...new Set(one.methods.map(({ name }) => name))]);
    known("method of B", theirs, [...new Set(other.methods.map(({ name }) => name))]);
  }
  return compareRuns(one, other, { ...seedOf(options), ...(pairs && { methods: pairs }) });
};

const ofRecipes = async (
  model: string,
  data: string,
  options: CompareCommandOptions,
  voice: Voice,
  signal: AbortSignal,
): Promise<RunComparison> => {
  const { recipes = "", methods: _, ...rest } = options;
  if (new Set(recipes.split(",").map((name) => name.trim())).size !== 2)
    throw fail("Usage", { what: `--recipes ${recipes}`, fix: "give two, with a comma between" });
  const { result } = await runEvaluation(model, data, { ...rest, methods: recipes }, voice, signal);
  const names = result.methods.filter(({ random }) => !random).map(({ name }) => name);
  try {
    return compareRuns(result, result, { ...seedOf(options), methods: [[names[0]!, names[1] ?? "random"]] });
  } catch (error) {
    throw isBacklitError(error, "BadInput") ? fail("BadInput", { ...error.parts, where: data }, error) : error;
  }
};

const seedOf = ({ seedRng }: CompareCommandOptions): CompareOptions => (seedRng === undefined ? {} : { seed: seedRng });

const pairsOf = (text: string | undefined): readonly (readonly [string, string])[] | undefined =>
  text?.split(",").map((pair) => {
    const [mine = "", theirs = mine] = pair.split("=").map((name) => name.trim());
    return [mine, theirs] as const;
  });
