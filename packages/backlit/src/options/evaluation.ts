/** Options of `evaluate`, and of what sends it to a fleet. */
import type { EvaluateRequest } from "@backlit/workbench";
import type { Command } from "commander";
import { addJudging, type JudgingOptions, judgedRequest } from "./judging.ts";

export interface EvaluationOptions extends JudgingOptions {
  readonly methods?: string;
}

export const addEvaluation = (command: Command): Command =>
  addJudging(
    command
      .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
      .argument("<data>", "a folder of pictures (labels from subfolders, labels.csv or .json), .npz, .npy, .parquet, .csv, .txt")
      .option(
        "--methods <names>",
        "methods, composites, auto, recipe files (*.json), with commas; NAME:key=value sets parameters",
      ),
  );

/** Throws Usage. */
export const evaluationRequest = (model: string, data: string, options: EvaluationOptions): EvaluateRequest => ({
  ...judgedRequest(model, data, options),
  ...(options.methods !== undefined && { methods: options.methods.split(",") }),
});
