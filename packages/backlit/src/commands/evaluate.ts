/** backlit evaluate: does the heatmap tell the truth? */
import { join } from "node:path";
import type { EvaluationResult } from "@backlit/core";
import { evaluateJob, scoreTables } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, openFolder } from "../host/write-files.ts";
import type { Io } from "../io.ts";
import { addJudging, judgedRequest } from "../options/judging.ts";
import { type Register, working } from "./command.ts";
import { type EvaluateOptions, writeEvaluation } from "./evaluate-files.ts";

export const evaluateCommand: Register = (program, io) => {
  const command = program
    .command("evaluate")
    .description("judge heatmaps by the model's own reaction: several methods side by side, with intervals")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "a folder of pictures (labels from subfolders, labels.csv or .json), .npz, .npy, .parquet, .csv, .txt")
    .option("--methods <names>", "methods, composites, auto, recipe files (*.json), with commas; NAME:key=value sets parameters")
    .option("--out <folder>", "write result.json, scores.csv, scores.parquet and report.html there; a stopped run goes on")
    .option("--report <file>", "write the report there");
  addJudging(command).action((model: string, data: string, options: EvaluateOptions) =>
    working(io, options, async (voice, context) => {
      const { out, report, methods } = options;
      const cache = options.cache ?? (out === undefined ? undefined : join(out, ".cache"));
      if (out !== undefined) await openFolder(out);
      if (options.cache !== undefined) await openFolder(options.cache);
      if (report !== undefined) await checkOutputs([report], [data]);
      const done = await evaluateJob(
        {
          ...judgedRequest(model, data, { ...options, ...(cache !== undefined && { cache }) }),
          ...(methods !== undefined && { methods: methods.split(",") }),
          examples: out !== undefined || report !== undefined,
        },
        context,
      );
      const files = await writeEvaluation(done, { model, data, options });
      voice.tell();
      print(done.result, files, options, io);
    }),
  );
};

const print = (result: EvaluationResult, files: readonly string[], { json, quiet }: EvaluateOptions, io: Io): void => {
  if (json) sayJson(io, result, 0);
  else if (!quiet) say(io, { result, files }, report);
};

const report = ({ result, files }: { result: EvaluationResult; files: readonly string[] }, io: Io): string =>
  `${scoreTables(result, io)}${files.length > 0 ? `wrote ${files.join(", ")}\n` : ""}`;
