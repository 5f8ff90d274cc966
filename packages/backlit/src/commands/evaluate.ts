/** backlit evaluate: does the heatmap tell the truth? */
import { join } from "node:path";
import type { EvaluationResult } from "@backlit/core";
import { evaluateJob, scoreTables } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, openFolder } from "../host/write-files.ts";
import type { Io } from "../io.ts";
import { addEvaluation, evaluationRequest } from "../options/evaluation.ts";
import { type Register, WHY, working } from "./command.ts";
import { commandLine, type EvaluateOptions, writeEvaluation } from "./evaluate-files.ts";

export const evaluateCommand: Register = (program, io) => {
  const command = program
    .command("evaluate")
    .description("judge heatmaps by the model's own reaction: several methods side by side, with intervals")
    .option("--out <folder>", "write result.json, scores.csv, scores.parquet and report.html there; a stopped run goes on")
    .option("--report <file>", "write the report there")
    .option("--why", WHY);
  addEvaluation(command).action((model: string, data: string, options: EvaluateOptions) =>
    working(io, { ...options, why: options.why ?? false }, async (voice, context) => {
      const { out, report } = options;
      const cache = options.cache ?? (out === undefined ? undefined : join(out, ".cache"));
      if (out !== undefined) await openFolder(out);
      if (options.cache !== undefined) await openFolder(options.cache);
      if (report !== undefined) await checkOutputs([report], [data]);
      const done = await evaluateJob(
        {
          ...evaluationRequest(model, data, { ...options, ...(cache !== undefined && { cache }) }),
          examples: out !== undefined || report !== undefined,
        },
        context,
      );
      const files = await writeEvaluation(done, { ...options, command: commandLine({ model, data, options }) });
      voice.tell();
      if (options.json) sayJson(io, { ...done.result, notices: voice.notices }, 0);
      else if (!options.quiet) say(io, { result: done.result, files }, tables);
    }),
  );
};

const tables = ({ result, files }: { result: EvaluationResult; files: readonly string[] }, io: Io): string =>
  `${scoreTables(result, io)}${files.length > 0 ? `wrote ${files.join(", ")}\n` : ""}`;
