/** The files `evaluate` writes: the result, its scores as tables, the report. */
import { basename, join } from "node:path";
import { type EvaluateResult, evaluationReport, type OutputFile, scoresCsv, scoresParquet } from "@backlit/workbench";
import { writeFiles } from "../host/write-files.ts";
import type { EvaluationOptions } from "../options/evaluation.ts";

export interface EvaluateOptions extends EvaluationOptions {
  readonly why?: boolean;
  readonly out?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface EvaluateCall {
  readonly model: string;
  readonly data: string;
  readonly options: EvaluationOptions;
}

export interface EvaluationFiles extends Pick<EvaluateOptions, "out" | "report"> {
  /** What was asked, for the report. */
  readonly command: string;
}

/** All or none. Returns their paths. */
export const writeEvaluation = async (
  { result, examples }: EvaluateResult,
  { out, report, command }: EvaluationFiles,
): Promise<readonly string[]> => {
  if (out === undefined && report === undefined) return [];
  const text = (content: string) => [new TextEncoder().encode(content)];
  const page = evaluationReport(result, examples, { command });
  const files: OutputFile[] = [
    ...(out === undefined
      ? []
      : [
          { path: join(out, "result.json"), chunks: text(`${JSON.stringify(result)}\n`) },
          { path: join(out, "scores.csv"), chunks: scoresCsv(result) },
          { path: join(out, "scores.parquet"), chunks: [await scoresParquet(result)] },
          { path: join(out, "report.html"), chunks: text(page) },
        ]),
    ...(report === undefined ? [] : [{ path: report, chunks: text(page) }]),
  ];
  await writeFiles(files);
  return files.map(({ path }) => path);
};

/** Outputs and how the work is done do not matter. */
const UNSAID = new Set(["out", "cache", "report", "workers", "json", "quiet", "why", "queue", "store", "mixed", "debug"]);

/** What was asked, for the report. */
export const commandLine = ({ model, data, options }: EvaluateCall): string => {
  const asked = Object.entries(options).filter(([key]) => !UNSAID.has(key));
  const words = asked.flatMap(([key, value]) =>
    [value].flat().map((one) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${quoted(String(one))}`),
  );
  return ["backlit evaluate", quoted(basename(model)), quoted(basename(data)), ...words].join(" ");
};
const quoted = (word: string): string => (/^[\w.,:=/-]+$/.test(word) ? word : `'${word}'`);
