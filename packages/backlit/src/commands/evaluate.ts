/** backlit evaluate: does the heatmap tell the truth? */
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type EvaluationResult, type Explainer, evaluate, fail, isBacklitError } from "@backlit/core";
import { openData } from "../evaluate/data/open.ts";
import { rangeOf, readyData } from "../evaluate/data/samples.ts";
import { defaultMethods, readMethods } from "../evaluate/methods.ts";
import { scoreTables } from "../evaluate/score-table.ts";
import { readSettings, type SettingOptions } from "../evaluate/settings.ts";
import { folderStore } from "../evaluate/store.ts";
import { defaultWorkers, startWorkers } from "../evaluate/workers.ts";
import type { Io } from "../io.ts";
import { modelInputs } from "../model/config-files.ts";
import { openModel } from "../model/open.ts";
import { checkOutputs, writeFiles } from "../write-files.ts";
import { collect, readDims } from "./choices.ts";
import { type Register, type Voice, voiceOf } from "./command.ts";
import { orAborted, wholeNumber } from "./explain.ts";
import { choice } from "./known.ts";
import { describeWork } from "./row-progress.ts";

export interface EvaluateOptions extends SettingOptions {
  readonly methods?: string;
  readonly target?: "top" | "label";
  readonly limit?: number;
  readonly explain?: string;
  readonly output?: string;
  readonly dim?: readonly string[];
  readonly out?: string;
  readonly cache?: string;
  readonly report?: string;
  readonly workers?: number;
  readonly seedRng?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

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
        const result = await orAborted(run(model, data, options, voice, interrupt.signal), interrupt.signal);
        voice.tell();
        print(result, options, io);
      } finally {
        ignore();
        voice.done();
      }
    });
};

const print = (result: EvaluationResult, { json, quiet }: EvaluateOptions, io: Io): void => {
  if (json) io.out(`${JSON.stringify(result)}\n`);
  else if (!quiet) io.out(scoreTables(result, io));
};

const run = async (model: string, path: string, options: EvaluateOptions, voice: Voice, signal: AbortSignal) => {
  const { out, report, explain, output } = options;
  const cache = options.cache ?? (out === undefined ? undefined : join(out, ".cache"));
  if (out !== undefined) await openFolder(out);
  if (options.cache !== undefined) await openFolder(options.cache);
  if (report !== undefined) await checkOutputs([report], [path]);
  const bundle = await openModel(model);
  bundle.notices.forEach(voice.note);
  const asked = options.methods === undefined ? undefined : await readMethods(options.methods);
  voice.progress("reading the data");
  const set = await openData(path, bundle);
  const { data, sample, masked } = await readyData(set, path, bundle, {
    target: options.target ?? "top",
    limit: options.limit,
    note: voice.note,
  });
  const range = rangeOf(set, bundle);
  voice.progress("tracing the model");
  const box = range && { box: range };
  await using workers = await startWorkers(
    bundle,
    options.workers ?? defaultWorkers(),
    { dims: readDims(options.dim), sample, ...box },
    voice.note,
  );
  const [lit] = workers.lits as [Explainer];
  const traits = traitsOf(lit, options);
  const settings = readSettings(options, { masked, imputer: traits.blurs ? ["zero", "blur"] : ["zero"] });
  const methods = asked ?? (await readMethods(defaultMethods(traits.convolutional).join(",")));
  const store = cache === undefined ? undefined : folderStore(cache);
  const started = performance.now();
  const seed = options.seedRng ?? 0;
  const result = await asUsage(
    evaluate(workers.lits, {
      ...{ model: bundle.name, data, methods, settings, seed, signal },
      ...(range && { range }),
      ...(explain !== undefined && { explain }),
      ...(output !== undefined && { output }),
      ...(store && { store }),
      onProgress: (done, total) =>
        voice.working(describeWork(done, total, performance.now() - started, { before: store?.hits ?? 0, what: "parts" })),
    }),
  );
  result.notices.forEach(voice.note);
  return result;
};

/** What decides the defaults: convolutions, and values that lie beside each other. */
const traitsOf = (lit: Explainer, { explain, output }: EvaluateOptions) => {
  const { plan } = lit.inspect({
    ...{ method: "gradient", onUnsupported: "detach" },
    ...(explain !== undefined && { explain }),
    ...(output !== undefined && { output }),
  });
  const [value] = plan.explained;
  const isInput = modelInputs(lit.model).some(({ name }) => name === value);
  const axes = lit.facts.shapes.get(value!)?.length ?? 0;
  return { blurs: isInput && axes >= 3, convolutional: lit.model.graph.node.some(({ opType }) => opType === "Conv") };
};

/** A parameter that a metric, unit or imputer refuses came from the command line. */
const asUsage = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw isBacklitError(error, "BadRecipe") ? fail("Usage", error.parts, error) : error;
  }
};

/** The folder is made where it is missing, not those above it. */
const openFolder = async (folder: string): Promise<void> => {
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory()) return;
  if (info !== undefined) throw fail("Usage", { what: "the output is no folder", where: folder, fix: "give another name" });
  if (!(await stat(dirname(folder)).catch(() => undefined))?.isDirectory())
    throw fail("NotFound", { what: "no such folder", where: dirname(folder), fix: "create it first" });
  await mkdir(folder);
};
void writeFiles;
