/** A model with all that lies beside it, opened once and asked about files, pictures, texts and tensors. */
import {
  type Explainer,
  type ExplainOptions,
  fail,
  type LoadOptions,
  type Look,
  type Recipe,
  type SaidPreprocessing,
} from "@backlit/core";
import { inside, overlaid } from "../host/files.ts";
import { type Host, oneRuntime } from "../host/host.ts";
import { silent } from "../host/listener.ts";
import type { PairResult } from "../jobs/explain/pair/run.ts";
import type { ExplainRequest, ExplainResult } from "../jobs/explain/result.ts";
import { explainPrepared } from "../jobs/explain/run.ts";
import { choicesOf, type Prepared, secondTexts } from "../jobs/prepare.ts";
import type { ChoiceRequest, JobContext } from "../jobs/request.ts";
import { preprocessorOf, withPreprocessing } from "../kinds/picture/preprocessor.ts";
import { tokensOf } from "../kinds/text/tokens-of.ts";
import { withLabels } from "../models/class-names.ts";
import { loadBundle } from "../models/load.ts";
import { type Bundle, openModel } from "../models/open.ts";
import { withRate } from "../models/sound.ts";
import type { RankedClass } from "../rows/top.ts";
import { type Input, isInput, samplesOf } from "./input.ts";
import { type Why, whysOf } from "./why.ts";

type SecondText = string | Uint8Array;

/** What is asked of an open model; `references`, `groups`, `labels` and targets name files of the host, or of `files`. */
export interface WhyOptions
  extends Pick<ExplainRequest, "references" | "groups" | "perStep" | "detections" | "grid" | "conditions" | "only"> {
  /** An attribution method (`backlit methods` lists them); default: layer-wise relevance propagation by the rules of `auto`. */
  readonly method?: string;
  /** Which layer gets which rule, by name. */
  readonly composite?: string;
  /** Parameters of the method or composite. */
  readonly params?: Recipe["params"];
  /** All of these choices at once, as a recipe file has them; what stands beside it wins. */
  readonly recipe?: Recipe;
  /** `top` (default), `top:K`, an index, a label, `A minus B`, `value:NAME`; several are a map each. */
  readonly target?: number | string | readonly (number | string)[];
  /** The input or value of the graph that is explained onto; default: what the reading of the model says. */
  readonly at?: string | readonly string[];
  /** The output or value of the graph that is explained. */
  readonly output?: string;
  /** Where relevance starts: `logit`, `log-odds`, `contrastive:LABEL`, …; default: as the recipe or `auto` says. */
  readonly start?: string;
  /** Values inside the graph whose relevance is wanted too. */
  readonly layers?: readonly string[];
  /** `"strict"` fails when the ledger does not add up. */
  readonly ledger?: boolean | "strict";
  /** How its pictures are drawn. */
  readonly look?: Look;
  /** A file with other names of the classes than the model was opened with. */
  readonly labels?: string;
  /** The second text of models that read two: the name of a file, a text, or a text's bytes; one for each input, or one for all. */
  readonly textPair?: SecondText | readonly SecondText[];
  /** Bytes of files by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Seed of the random numbers. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** What is going on, in words. */
  readonly onProgress?: (text: string) => void;
}

export interface OpenOptions extends Omit<Partial<LoadOptions>, "labels"> {
  /** How the model's pictures are prepared, over what its files say. */
  readonly preprocess?: SaidPreprocessing;
  /** Samples a second that the model hears, over what its files say. */
  readonly sampleRate?: number;
  /** Names of the classes, or a file of the host with them: JSON as in labels.json, or a name a line. As many as the model has. */
  readonly labels?: string | readonly string[];
  /** What is noticed when the model is opened. */
  readonly notice?: (text: string) => void;
}

/** What came out, and what was noticed on the way. */
interface Noticed<T> {
  readonly result: T;
  readonly notices: readonly string[];
}

interface Asking {
  /** The class names, where the model comes with some. */
  readonly labels: readonly string[] | undefined;
  /** The model's file and what lies beside it. */
  readonly bundle: Bundle;
  /** Why the model decides as it does about one input; of a table with several rows, about the first. Errors: NotFound, BadInput, BadTarget, BadRecipe, Unsupported, Runtime, Aborted. */
  explain(input: Input, options?: WhyOptions): Promise<Why>;
  /** The same for several inputs, run in batches; every row of a table is one. */
  explainAll(inputs: readonly Input[], options?: WhyOptions): Promise<readonly Why[]>;
  /** What all of that is made of, as the job `explain` gives it: for files, pages and JSON documents of it. */
  results(inputs: readonly Input[], options?: WhyOptions): Promise<Noticed<ExplainResult>>;
  /** Which parts of an input and of `other`, a file's name or a text, make them similar, by BiLRP. Errors: as `explain`. */
  pairs(input: Input, other: string, options?: WhyOptions): Promise<Noticed<PairResult>>;
  /** The best classes, best first. */
  predict(input: Input): Promise<readonly RankedClass[]>;
}

/**
 * An open model. Files, pictures and texts are answered by a `Why`, with names for what is in it; tensors, as ever, by the
 * `Explanation` of @backlit/core. Sessions are released by `release`, or at the end of `await using`.
 */
export type OpenModel = Asking & Explainer;

/** `model`: a name in the host's files, an `.onnx` file, a folder, or a bundled model. Errors: NotFound, BadFile, BadModel, Runtime. */
export const openWith = async (host: Host, model: string, options: OpenOptions = {}): Promise<OpenModel> =>
  openBundle(host, await openModel(host, model), options);

/** The same for a model that is read already. Errors: BadInput (labels), BadModel, Runtime. */
export const openBundle = async (
  host: Host,
  opened: Bundle,
  { notice = () => {}, preprocess, sampleRate, labels, ...options }: OpenOptions = {},
): Promise<OpenModel> => {
  const bundle = await withLabels(withRate(withPreprocessing(opened, preprocess), sampleRate), host.files, labels);
  bundle.notices.forEach(notice);
  const runtime = options.runtime ?? (await oneRuntime(host, notice));
  return answering(host, bundle, await loadBundle(bundle, { ...(await tokensOf(bundle, host)), ...options, runtime }));
};

/** Of a folder's files: the model in them. Errors: as `openWith`; NotFound where there is none, or several. */
export const modelIn = async ({ files }: Pick<Host, "files">): Promise<string> => {
  const all = await files.list("");
  const named = all.filter(({ kind, name }) => kind === "file" && name.endsWith(".onnx"));
  if (named.length === 1) return named[0]!.name;
  if ((await files.info("model.onnx"))?.kind === "file") return "model.onnx";
  const folders = all.filter(({ kind }) => kind === "folder").map(({ name }) => name);
  for (const folder of folders) if ((await files.info(inside(folder, "model.onnx")))?.kind === "file") return folder;
  if ((await files.info("onnx/model.onnx"))?.kind === "file") return "onnx/model.onnx";
  throw fail("NotFound", { what: named.length > 1 ? "several models" : "no .onnx file among the files", fix: "name one" });
};

/** Bytes are read as files are, under names of their own. */
const withSecondTexts = ({ files = {}, textPair }: WhyOptions) => {
  if (textPair === undefined) return { files };
  const given = typeof textPair === "string" || textPair instanceof Uint8Array ? [textPair] : textPair;
  const named = given.map((text, n) => [typeof text === "string" ? text : `text${n}`, text] as const);
  const bytes = named.filter((one): one is readonly [string, Uint8Array] => typeof one[1] !== "string");
  return { files: { ...files, ...Object.fromEntries(bytes) }, textPairs: named.map(([name]) => name) };
};

const answering = (host: Host, own: Bundle, lit: Explainer): OpenModel => {
  const prepared = async (inputs: readonly Input[], options: WhyOptions, other?: string) => {
    const { signal, onProgress: progress = () => {} } = options;
    const { files, textPairs: written } = withSecondTexts(options);
    const notices = new Set<string>();
    const note = (text: string) => void notices.add(text);
    const given: Host = { ...host, files: overlaid(host.files, new Map(Object.entries(files))) };
    const context: JobContext = {
      host: given,
      listener: { ...silent, note, progress, working: progress },
      ...(signal && { signal }),
    };
    const started = performance.now();
    const bundle = options.labels === undefined ? own : await withLabels(own, given.files, options.labels);
    const textPairs = secondTexts(bundle, written ? { textPairs: written } : {}, other);
    const samples = (await samplesOf(given, bundle, inputs, { note, ...(textPairs && { textPairs }) })).flat();
    const preprocessor = preprocessorOf(bundle);
    const opened: Prepared = {
      ...{ samples, bundle, lit, notices: [], choices: choicesOf(choiceRequestOf(options), bundle) },
      runtime: lit.options.runtime.name,
      timings: { read: performance.now() - started, trace: 0 },
      ...(preprocessor && { preprocessor }),
    };
    return { opened, context, notices };
  };
  const results = async (inputs: readonly Input[], options: WhyOptions = {}): Promise<Noticed<ExplainResult>> => {
    const { opened, context, notices } = await prepared(inputs, options);
    const result = await explainPrepared(opened, explainRequestOf(own, options), context);
    return { result, notices: [...notices] };
  };
  const pairs = async (input: Input, other: string, { target: _, ...options }: WhyOptions = {}) => {
    const { opened, context, notices } = await prepared([input], options, other);
    const { pairPrepared } = await import("../jobs/explain/pair/run.ts");
    const result = await pairPrepared(opened, { other, ...(options.grid && { grid: options.grid }) }, context);
    return { result, notices: [...notices] };
  };
  const ask = async (inputs: readonly Input[], options: WhyOptions): Promise<readonly Why[]> => {
    const { result, notices } = await results(inputs, options);
    return whysOf(result, notices, host);
  };
  const tensors = lit.explain.bind(lit);
  const explain = async (given: Input | Parameters<typeof tensors>[0], options: WhyOptions | ExplainOptions = {}) =>
    isInput(given) ? (await ask([given], options as WhyOptions))[0]! : tensors(given, options as ExplainOptions);
  return Object.assign(lit, {
    labels: own.labels,
    bundle: own,
    explain: explain as OpenModel["explain"],
    results,
    pairs,
    explainAll: (inputs: readonly Input[], options: WhyOptions = {}) => ask(inputs, options),
    predict: async (input: Input) => (await ask([input], { method: "gradient" }))[0]!.prediction,
  });
};

/** The same choices as a job is asked them. */
export const choiceRequestOf = ({
  method,
  composite,
  params,
  recipe,
  target,
  at,
  output,
  start,
  layers,
}: WhyOptions): ChoiceRequest => ({
  recipe: {
    ...recipe,
    ...(method !== undefined && { method }),
    ...(composite !== undefined && { composite: { name: composite } }),
    ...(params !== undefined && { params }),
    ...(at !== undefined && { explain: at as NonNullable<Recipe["explain"]> }),
    ...(output !== undefined && { output }),
  } satisfies Recipe,
  ...(start !== undefined && { seed: start }),
  ...(target !== undefined && { target: [target].flat().map(String) }),
  ...(layers && { layers }),
});

/** Fields that requests and options share by name. */
const SHARED = ["look", "references", "groups", "perStep", "detections", "conditions", "only"] as const;

const explainRequestOf = ({ path }: Bundle, options: WhyOptions): ExplainRequest => ({
  ...{ v: 1, model: path, ...choiceRequestOf(options) },
  ...Object.fromEntries(SHARED.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]]))),
  ...(options.ledger && { ledger: true }),
  ...(options.ledger === "strict" && { strict: true }),
  ...(options.seed !== undefined && { random: options.seed }),
});
