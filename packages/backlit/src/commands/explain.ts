/** backlit explain: what a model sees in its input. */
import { type Explanation, fail } from "@backlit/core";
import { batchesOf } from "../batches.ts";
import { type ExplainedRow, takeApart } from "../explained.ts";
import type { Io } from "../io.ts";
import { hasFreeBatch } from "../model/config-files.ts";
import { checkOutputs, writeFiles } from "../write-files.ts";
import { addChoices, type ChoiceOptions, collect } from "./choices.ts";
import { type Register, type Voice, voiceOf } from "./command.ts";
import { explainDocument } from "./explain-document.ts";
import { outputFiles } from "./explain-files.ts";
import { explainReport } from "./explain-report.ts";
import { prepare } from "./prepare.ts";

export interface ExplainOptions extends ChoiceOptions {
  readonly relevance?: string;
  readonly heatmap?: string;
  readonly report?: string;
  readonly ledger?: string | true;
  readonly strict?: boolean;
  readonly terminal?: boolean;
  readonly features?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const explainCommand: Register = (program, io) => {
  const command = program
    .command("explain")
    .description("explain what a model sees in its input")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("[inputs...]", "pictures, texts, tables (.csv), .npy or .npz; - reads standard input; several are a batch")
    .option("--target <class>", "top, top:K, an index (i,j for outputs of several axes) or a label (default: top)")
    .option("--seed <seed>", "one, logit, log-odds, contrastive, or contrastive:LABEL against one class");
  addChoices(command)
    .option("--layer <value>", "relevance of a value inside the graph too, in --json and .npz (repeatable)", collect)
    .option("--text-pair <text>", "the second text of a pair (repeatable, one for each INPUT)", collect)
    .option("--bytes <file>", "a file's bytes as input (repeatable)", collect)
    .option("--relevance <file>", "write the relevance as .npy, or as .npz with layers and targets")
    .option(
      "--heatmap <file>",
      "write a picture: .png, .svg (tables, series) or .html (all); several are numbered by input, class or both: OUT-1.png, OUT-1-2.png",
    )
    .option("--report <file>", "write one HTML page with all inputs, classes and heatmaps")
    .option("--ledger [file]", "every node's part in the ledger, printed, or as JSON in a file")
    .option("--strict", "fail when the ledger does not add up")
    .option("--terminal", "draw the heatmap in the terminal; one with 24-bit colours gets it anyway")
    .option("--features <n>", "features of a table shown at most", wholeNumber("features"))
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .action(async (model: string, files: string[], options: ExplainOptions) => {
      checkUsage(files, options);
      const voice = voiceOf(io, options.quiet);
      try {
        const explained = await explain(model, files, options, io, voice);
        voice.progress("writing");
        const outputs = await outputFiles(explained);
        await checkOutputs(
          outputs.map(({ path }) => path),
          [...explained.bundle.files, ...files],
        );
        await writeFiles(outputs);
        voice.tell();
        if (options.json) io.out(`${JSON.stringify(explainDocument(explained, voice.notices), null, 2)}\n`);
        else if (!options.quiet) io.out(explainReport(explained, io));
      } finally {
        voice.done();
      }
    });
};

const checkUsage = (
  files: readonly string[],
  { input, bytes, target, relevance, heatmap, report, ledger }: ExplainOptions,
): void => {
  if (files.length === 0 && !input && !bytes)
    throw fail("Usage", { what: "no INPUT", fix: "give a picture, a text, a table, an .npy or an .npz" });
  if (target === "input") throw fail("Usage", { what: "--target input", fix: "it goes with compile; give the class" });
  if (relevance !== undefined && !/\.np[yz]$/i.test(relevance))
    throw fail("Usage", { what: `--relevance ${relevance}`, fix: "name a file that ends in .npy or .npz" });
  if (heatmap !== undefined && !/\.(png|svg|html?)$/i.test(heatmap))
    throw fail("Usage", { what: `--heatmap ${heatmap}`, fix: "name a file that ends in .png, .svg or .html" });
  if (report !== undefined && !/\.html?$/i.test(report))
    throw fail("Usage", { what: `--report ${report}`, fix: "name a file that ends in .html" });
  // `--ledger photo.jpg` is an INPUT that the option swallowed.
  if (typeof ledger === "string" && !/\.json$/i.test(ledger))
    throw fail("Usage", { what: `--ledger ${ledger}`, fix: "name a file that ends in .json, or put --ledger last to print it" });
};

const wholeNumber =
  (option: string) =>
  (text: string): number => {
    if (!/^[1-9]\d*$/.test(text)) throw fail("Usage", { what: `--${option} ${text}`, fix: "give a whole number from 1" });
    return Number(text);
  };

export type Explained = Awaited<ReturnType<typeof explain>>;

const explain = async (model: string, files: readonly string[], options: ExplainOptions, io: Io, voice: Voice) => {
  const wanted = [options.relevance, options.heatmap, options.report, options.ledger].filter((path) => typeof path === "string");
  await checkOutputs(wanted, files);
  const prepared = await prepare(model, files, options, io, voice, { complete: true });
  const { bundle, choices, samples } = prepared;
  await using lit = prepared.lit;
  const started = performance.now();
  const { plan, notices } = lit.inspect(choices);
  notices.forEach(voice.note);
  if (plan.recipe.seed === "vector")
    throw fail("Unsupported", { what: "explain has no vector to start from", fix: "compile with --seed input feeds one" });
  const lrp = plan.recipe.method === "lrp";
  if (!lrp && (options.ledger || options.strict))
    throw fail("Usage", { what: `no ledger for method ${plan.recipe.method}`, fix: "--ledger and --strict go with lrp" });
  const perRow = Number(/^top:(\d+)$/.exec(String(choices.target))?.[1] ?? 1);
  const rows: ExplainedRow[] = [];
  const explanations: Explanation[] = [];
  const batches = batchesOf(samples, hasFreeBatch(bundle.model));
  for (const [i, { feeds, rows: own }] of batches.entries()) {
    voice.progress(`explaining${batches.length > 1 ? ` batch ${i + 1} of ${batches.length}` : ""}`);
    const explanation = await lit.explain(feeds, { ...choices, ledger: lrp, strict: options.strict ?? false });
    explanation.notices.forEach(voice.note);
    explanations.push(explanation);
    rows.push(...takeApart(own, explanation, perRow, { head: plan.head, labels: bundle.labels }));
  }
  const timings = { ...prepared.timings, explain: performance.now() - started };
  return { ...prepared, options, plan, rows, explanations, timings, sha256: await lit.sha256 };
};
