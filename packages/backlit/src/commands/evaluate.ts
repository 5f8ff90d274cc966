/** backlit evaluate: does the heatmap tell the truth? */
import type { EvaluationResult } from "@backlit/core";
import { say, sayJson } from "../door.ts";
import { addJudging } from "../evaluate/options.ts";
import { scoreTables } from "@backlit/workbench";
import type { Io } from "../io.ts";
import { type Register, voiceOf } from "./command.ts";
import { writeEvaluation } from "./evaluate-files.ts";
import { type EvaluateOptions, runEvaluation } from "./evaluate-run.ts";
import { orAborted } from "./explain.ts";

export const evaluateCommand: Register = (program, io) => {
  const command = program
    .command("evaluate")
    .description("judge heatmaps by the model's own reaction: several methods side by side, with intervals")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "a folder of pictures (labels from subfolders, labels.csv or .json), .npz, .npy, .parquet, .csv, .txt")
    .option("--methods <names>", "methods, composites, auto, recipe files (*.json), with commas; NAME:key=value sets parameters")
    .option("--out <folder>", "write result.json, scores.csv, scores.parquet and report.html there; a stopped run goes on")
    .option("--report <file>", "write the report there");
  addJudging(command).action(async (model: string, data: string, options: EvaluateOptions) => {
    const voice = voiceOf(io, options.quiet);
    const interrupt = new AbortController();
    const ignore = io.onInterrupt(() => interrupt.abort());
    try {
      const done = await orAborted(runEvaluation(model, data, options, voice, interrupt.signal), interrupt.signal);
      const files = await writeEvaluation(done, { model, data, options });
      voice.tell();
      print(done.result, files, options, io);
    } finally {
      ignore();
      voice.done();
    }
  });
};

const print = (result: EvaluationResult, files: readonly string[], { json, quiet }: EvaluateOptions, io: Io): void => {
  if (json) sayJson(io, result, 0);
  else if (!quiet) say(io, { result, files }, report);
};

const report = ({ result, files }: { result: EvaluationResult; files: readonly string[] }, io: Io): string =>
  `${scoreTables(result, io)}${files.length > 0 ? `wrote ${files.join(", ")}\n` : ""}`;
