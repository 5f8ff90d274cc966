/** backlit evaluate: does the heatmap tell the truth? */
import type { EvaluationResult } from "@backlit/core";
import { scoreTables } from "../evaluate/score-table.ts";
import type { Io } from "../io.ts";
import { collect } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { writeEvaluation } from "./evaluate-files.ts";
import { type EvaluateOptions, runEvaluation } from "./evaluate-run.ts";
import { orAborted, wholeNumber } from "./explain.ts";
import { choice } from "./known.ts";

export const evaluateCommand: Register = (program, io) => {
  program
    .command("evaluate")
    .description("judge heatmaps by the model's own reaction: several methods side by side, with intervals")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "a folder of pictures (labels from subfolders, labels.csv or .json), .npz, .npy")
    .option("--methods <names>", "methods, composites, auto, recipe files (*.json), with commas; NAME:key=value sets parameters")
    .option("--metrics <names>", "metrics, with commas: backlit metrics lists them (default: srg)")
    .option(
      "--unit <units>",
      "what is removed together: auto, pixel, grid:K, slic:COUNT, channel, token, feature; several with commas",
    )
    .option(
      "--imputer <imputers>",
      "what stands in for removed values; several with commas (default: zero,blur; zero for texts and tables)",
    )
    .option("--score <scores>", "what is read from the model: probability, logit, log-odds, top-1 (default: probability)")
    .option("--set <METRIC.key=value>", "parameter of a metric (repeatable)", collect)
    .option("--target <class>", "top: the predicted class; label: the data's", choice("target", ["top", "label"]))
    .option("--limit <n>", "the first n samples only", wholeNumber("limit"))
    .option("--explain <value>", "explain onto this input or value of the graph")
    .option("--output <value>", "explain this output or value of the graph")
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option("--out <folder>", "write result.json, scores.csv, scores.parquet and report.html there; a stopped run goes on")
    .option("--cache <folder>", "where finished work is kept (default: .cache in --out)")
    .option("--report <file>", "write the report there")
    .option("--workers <n>", "threads that run the model (default: one a core)", wholeNumber("workers"))
    .option("--seed-rng <n>", "seed of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the result as one JSON document on stdout")
    .option("--quiet", "no table, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown")
    .action(async (model: string, data: string, options: EvaluateOptions) => {
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
  if (json) io.out(`${JSON.stringify(result)}\n`);
  else if (!quiet) io.out(`${scoreTables(result, io)}${files.length > 0 ? `wrote ${files.join(", ")}\n` : ""}`);
};
