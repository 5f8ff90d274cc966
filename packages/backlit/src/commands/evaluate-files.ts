/** The files `evaluate` writes: the result, its scores as tables, the report. */
import { basename, join } from "node:path";
import { type EvaluateResult, evaluationReport, type OutputFile, scoresCsv, scoresParquet } from "@backlit/workbench";
import { writeFiles } from "../host/write-files.ts";
import type { JudgingOptions } from "../options/judging.ts";

export interface EvaluateOptions extends JudgingOptions {
  readonly methods?: string;
  readonly out?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface EvaluateCall {
  readonly model: string;
  readonly data: string;
  readonly options: EvaluateOptions;
}

/** All or none. Returns their paths. */
export const writeEvaluation = async ({ result, examples }: EvaluateResult, call: EvaluateCall): Promise<readonly string[]> => {
  const { out, report } = call.options;
  if (out === undefined && report === undefined) return [];
  const text = (content: string) => [new TextEncoder().encode(content)];
  const page = evaluationReport(result, examples, { command: commandLine(call) });
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

/** What was asked, for the report; outputs and how the work was done do not matter. */
const commandLine = ({ model, data, options }: EvaluateCall): string => {
  const { out: _, cache: __, report: ___, workers: ____, json: _____, quiet: ______, ...asked } = options;
  const words = Object.entries(asked).flatMap(([key, value]) =>
    [value].flat().map((one) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} ${quoted(String(one))}`),
  );
  return ["backlit evaluate", quoted(basename(model)), quoted(basename(data)), ...words].join(" ");
};
const quoted = (word: string): string => (/^[\w.,:=/-]+$/.test(word) ? word : `'${word}'`);
