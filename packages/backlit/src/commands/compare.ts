/** backlit compare: two runs of evaluate, or two recipes on the same data. */
import type { RunComparison } from "@backlit/core";
import { compareJob, comparisonText } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import type { Io } from "../io.ts";
import { addJudging, type JudgingOptions, judgedRequest } from "../options/judging.ts";
import { type Register, working } from "./command.ts";

interface CompareCommandOptions extends JudgingOptions {
  readonly recipes?: string;
  readonly methods?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
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
  addJudging(command).action((a: string, b: string, options: CompareCommandOptions) =>
    working(io, options, async (voice, context) => {
      const { recipes, methods, seedRng: random } = options;
      const seed = random === undefined ? {} : { random };
      const comparison =
        recipes === undefined
          ? await compareJob({ v: 1, runs: [a, b], ...(methods !== undefined && { pairs: pairsOf(methods) }), ...seed }, context)
          : await compareJob({ ...judgedRequest(a, b, options), recipes: recipes.split(",") }, context);
      voice.tell();
      print(comparison, options, io);
    }),
  );
};

const print = (comparison: RunComparison, { json, quiet }: CompareCommandOptions, io: Io): void => {
  if (json) sayJson(io, comparison);
  else if (!quiet) say(io, comparison, comparisonText);
};

const pairsOf = (text: string): readonly (readonly [string, string])[] =>
  text.split(",").map((pair) => {
    const [mine = "", theirs = mine] = pair.split("=").map((name) => name.trim());
    return [mine, theirs] as const;
  });
