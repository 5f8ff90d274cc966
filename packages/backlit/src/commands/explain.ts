/** backlit explain: what a model sees in its input. */
import { append, type Explanation, fail, methodCards, type Plan, pairOf, readNpy, scoringOf, type Tensor } from "@backlit/core";
import {
  batchesOf,
  DIFFERENCE,
  drawingOf,
  type ExplainedRow,
  hasFreeBatch,
  modelInputs,
  readingLine,
  samplesFirst,
  takeApart,
  type Voice,
} from "@backlit/workbench";
import { sayJson } from "../door.ts";
import { readInputFile } from "../input/read-file.ts";
import type { Io } from "../io.ts";
import { workerRuntime } from "../runtime/worker.ts";
import { checkOutputs, writeFiles } from "../write-files.ts";
import { addChoices, type ChoiceOptions, cardOf, collect } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { addConditions, type ConditionOptions, describeCondition, readConditions } from "./conditions.ts";
import { explainDocument } from "./explain-document.ts";
import { outputFiles } from "./explain-files.ts";
import { sayExplained } from "./explain-report.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { addMean } from "./reading-options.ts";
import { readReferences } from "./references.ts";
import { rowProgress } from "./row-progress.ts";
import { checkFilesBeside } from "./unread.ts";

export interface ExplainOptions extends ChoiceOptions, ConditionOptions {
  readonly relevance?: string;
  readonly heatmap?: string;
  readonly report?: string;
  readonly spread?: string;
  readonly frames?: string;
  readonly references?: string;
  readonly groups?: string;
  readonly seedRng?: number;
  readonly batch?: number;
  readonly ledger?: string | true;
  readonly strict?: boolean;
  readonly consistency?: boolean;
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
    .option(
      "--target <class>",
      'top, top:K, an index (i,j for outputs of several axes), a label, "A minus B", value or value:NAME; repeated: a map each (default: top)',
      collect,
    )
    .option("--seed <seed>", "one, logit, log-odds, half-log-odds, contrastive, or contrastive:LABEL against one class");
  addConditions(addMean(addChoices(command)))
    .option("--layer <value>", "relevance of a value inside the graph too, in --json and .npz (repeatable)", collect)
    .option("--text-pair <text>", "the second text of a pair (repeatable, one for each INPUT)", collect)
    .option("--bytes <file>", "a file's bytes as input (repeatable)", collect)
    .option("--relevance <file>", "write the relevance as .npy, or as .npz with layers and targets")
    .option(
      "--heatmap <file>",
      "write a picture: .png, .svg (tables, series) or .html (all); several inputs, and classes of top:K, are numbered: OUT-1.png, OUT-1-2.png; classes of several --target stand side by side",
    )
    .option("--spread <file>", "write the second map of methods that say how far the first is uncertain: .npy or .png")
    .option("--frames <file>", "write the steps of methods that have some as a film strip: .png")
    .option("--references <file>", "reference inputs: an .npy of several, or a folder of pictures")
    .option("--groups <file>", "an .npy of whole numbers: values with the same number are taken away together")
    .option("--seed-rng <n>", "seed of the random numbers of a method (default: 0)", wholeNumber("seed-rng", 0))
    .option("--batch <n>", "rows in one pass of methods that make many (default: found by trying)", wholeNumber("batch"))
    .option("--report <file>", "write one HTML page with all inputs, classes and heatmaps")
    .option("--ledger [file]", "every node's part in the ledger, printed, or as JSON in a file")
    .option("--strict", "fail when the ledger does not add up")
    .option("--consistency", "whether the maps of Deep Taylor add up to the logit and have no negative part")
    .option("--terminal", "draw the heatmap in the terminal; one with 24-bit colours gets it anyway")
    .option("--features <n>", "features of a table shown at most", wholeNumber("features"))
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .action(async (model: string, files: string[], options: ExplainOptions) => {
      checkUsage(files, options);
      const voice = voiceOf(io, options.quiet);
      const interrupt = new AbortController();
      const { signal } = interrupt;
      const ignore = io.onInterrupt(() => interrupt.abort());
      try {
        const explained = await orAborted(explain(model, files, options, io, voice, signal), signal);
        voice.progress("writing");
        const outputs = await outputFiles(explained);
        await checkOutputs(
          outputs.map(({ path }) => path),
          [...explained.bundle.files, ...files],
        );
        await writeFiles(outputs);
        voice.tell();
        if (options.json) sayJson(io, explainDocument(explained, voice.notices));
        else if (!options.quiet) sayExplained(explained, io);
      } finally {
        ignore();
        voice.done();
      }
    });
};

/** Resolves with the work, or rejects at once on Ctrl-C, without waiting for the end of the running pass. */
export const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(fail("Aborted", { what: "stopped" })));
    }),
  ]);

/** Files by their option: what their names must end in, in words too. */
const ENDINGS = [
  ["relevance", /\.np[yz]$/i, ".npy or .npz"],
  ["heatmap", /\.(png|svg|html?)$/i, ".png, .svg or .html"],
  ["report", /\.html?$/i, ".html"],
  ["spread", /\.(npy|png)$/i, ".npy or .png"],
  ["frames", /\.png$/i, ".png"],
  // `--ledger photo.jpg` is an INPUT that the option swallowed.
  ["ledger", /\.json$/i, ".json, or put --ledger last to print it"],
] as const;

const checkUsage = (files: readonly string[], options: ExplainOptions): void => {
  const { input, bytes, target } = options;
  if (files.length === 0 && !input && !bytes)
    throw fail("Usage", { what: "no INPUT", fix: "give a picture, a text, a table, an .npy or an .npz" });
  if (target?.includes("input")) throw fail("Usage", { what: "--target input", fix: "it goes with compile; give the class" });
  for (const [option, ending, words] of ENDINGS) {
    const path = options[option];
    if (typeof path === "string" && !ending.test(path))
      throw fail("Usage", { what: `--${option} ${path}`, fix: `name a file that ends in ${words}` });
  }
};

export const wholeNumber =
  (option: string, least = 1) =>
  (text: string): number => {
    if (!/^\d{1,15}$/.test(text) || Number(text) < least)
      throw fail("Usage", { what: `--${option} ${text}`, fix: `give a whole number from ${least}` });
    return Number(text);
  };

export type Explained = Awaited<ReturnType<typeof explain>>;

const explain = async (
  model: string,
  files: readonly string[],
  options: ExplainOptions,
  io: Io,
  voice: Voice,
  signal: AbortSignal,
) => {
  const { relevance, heatmap, report, ledger, spread, frames } = options;
  const wanted = [relevance, heatmap, report, ledger, spread, frames].filter((path) => typeof path === "string");
  await checkOutputs(wanted, files);
  const opened = await prepare(model, files, options, io, voice, { complete: true, runtime: workerRuntime(voice.note) });
  await using lit = opened.lit;
  const prepared = { ...opened, choices: lit.settled(opened.choices) };
  const { bundle, samples } = prepared;
  const started = performance.now();
  const { method: named, params } = prepared.choices;
  if (named !== undefined && cardOf(named) !== undefined) checkFilesBeside(named, params, options);
  const given = await givenBeside(options, prepared);
  const { choices, notices } = consistent(options, choicesOf(prepared, options, given.references));
  const { plan, features, drawing } = planOf({ lit, choices, notices }, voice);
  if (choices.conditions !== undefined) voice.note(describeCondition(choices.conditions, options.only === true));
  const lrp = plan.recipe.method === "lrp";
  if (options.consistency && plan.recipe.composite !== "deep-taylor")
    throw fail("Usage", {
      what: "--consistency",
      why: "it is what Deep Taylor promises",
      fix: "it goes with --method deep-taylor",
    });
  checkMethod(choices.method ?? plan.recipe.method, lrp, options, voice);
  checkFilesBeside(choices.method ?? plan.recipe.method, choices.params, options);
  const several = mapsOf(choices.target);
  const rows: ExplainedRow[] = [];
  const explanations: Explanation[] = [];
  // Only samples that lie along the first axis of everything can be cut and joined.
  const apart = plan.samples.independent && modelInputs(bundle.model).every(({ name }) => plan.samples.of(name) === 0);
  const batches = batchesOf(samples, apart && hasFreeBatch(bundle.model));
  const progress = rowProgress(
    voice,
    batches.reduce((sum, batch) => sum + batch.rows.length, 0),
  );
  for (const [i, { feeds, rows: own }] of batches.entries()) {
    voice.progress(`explaining${batches.length > 1 ? ` batch ${i + 1} of ${batches.length}` : ""}`);
    const explanation = await lit.explain(feeds, {
      ...choices,
      ...given,
      ledger: lrp,
      strict: options.strict ?? false,
      signal,
      onRows: progress.batch(own.length),
    });
    for (const map of ["spread", "frames"] as const)
      if (options[map] !== undefined && explanation[map] === undefined)
        throw fail("Usage", {
          what: `--${map} ${options[map]}`,
          why: `method ${explanation.recipe.method} has none`,
          fix: "leave it out",
        });
    explanation.notices.forEach(voice.note);
    explanations.push(explanation);
    append(
      rows,
      takeApart(
        own,
        samplesFirst(explanation, plan, several !== undefined),
        several,
        { reading: plan.reading, scoring: scoringOf(plan), labels: bundle.labels },
        rivalOf(choices.target, bundle.labels),
      ),
    );
  }
  const timings = { ...prepared.timings, explain: performance.now() - started };
  // Several classes that were named are shown in one figure; those of top:K, and what a method makes for each, are numbered.
  const made = cardOf(choices.method)?.family === "synthesis";
  const beside = !made && typeof choices.target === "object" && choices.target.list.length > 1;
  const { conditions } = choices;
  return {
    ...prepared,
    options,
    conditions,
    plan,
    drawing,
    features,
    rows,
    explanations,
    timings,
    beside,
    sha256: await lit.sha256,
  };
};

/** With the method `auto` takes on tables; a ledger that somebody asked for keeps relevance. Throws Usage. */
const choicesOf = ({ lit, choices }: Prepared, options: ExplainOptions, references: Tensor | undefined) => {
  const { ledger, strict, mean, only = false } = options;
  const conditions = readConditions(options.condition);
  const conditioned = conditions && { conditions, only };
  if (only && conditions === undefined) throw fail("Usage", { what: "--only", fix: "it goes with --condition VALUE:CHANNELS" });
  const asked = {
    ...choices,
    ...(references && { references }),
    ...conditioned,
    ledger: ledger !== undefined || strict === true,
  };
  const { reference, ...taken } = lit.automatic(asked);
  if (mean !== undefined && reference !== "mean")
    throw fail("Usage", {
      what: "--mean is not read",
      why:
        reference === "references"
          ? "references are given"
          : "only auto on tables takes it, without --ledger, --strict and --layer",
      fix: "leave it out; --method deeplift takes --set baseline=…",
    });
  return taken;
};

/** What the maps should add up to is the logit, unless another seed is asked for. */
const consistent = <T extends { readonly choices: Prepared["choices"] }>({ consistency }: ExplainOptions, taken: T): T =>
  consistency ? { ...taken, choices: { seed: "logit", ...taken.choices } } : taken;

const explainedPlan = ({ lit, choices: { explain, output } }: Pick<Prepared, "lit" | "choices">) =>
  lit.outline({ explain, output });

interface Planning extends Pick<Prepared, "lit" | "choices"> {
  /** What was said when they were chosen. */
  readonly notices: readonly string[];
}

/** What is explained, and from where. Methods of many passes have no rules of their own. */
const planOf = ({ lit, choices, notices: chosen }: Planning, voice: Voice) => {
  const many = cardOf(choices.method) !== undefined;
  const { plan, reading, notices } = many ? explainedPlan({ lit, choices }) : lit.inspect(choices);
  const difference = plan.recipe.method === "deeplift" || choices.method === "deep-shap";
  voice.note(`${readingLine(plan.reading)}${difference ? `; explained is the ${DIFFERENCE}` : ""}`);
  chosen.forEach(voice.note);
  if (choices.target === undefined || choices.target === "top") noteLargest(lit, plan, voice);
  if (!many) notices.forEach(voice.note);
  if (plan.recipe.seed === "vector" || plan.recipe.seed === "direction")
    throw fail("Unsupported", {
      what: `explain has no ${plan.recipe.seed} to start from`,
      fix: `compile with --seed ${plan.recipe.seed === "vector" ? "input" : "direction"} feeds one`,
    });
  return { plan, drawing: drawingOf(reading, plan), features: reading.features(plan.explained) };
};

/** An output of more axes than classes: which of its values is explained when nobody says. */
const noteLargest = (lit: Prepared["lit"], { start, batchAxis }: Plan, voice: Voice): void => {
  const axes = (lit.facts.shapes.get(start) ?? []).filter((size, axis) => axis !== batchAxis && size !== 1);
  if (axes.length < 2) return;
  voice.note(
    `the output has ${axes.map((size) => size ?? "any").join(" × ")} values: the largest is explained (--target ${axes.map((_, i) => "ijkl"[i] ?? "n").join(",")} names another)`,
  );
};

/** B of `A minus B`, as it is called. */
const rivalOf = (target: Prepared["choices"]["target"], labels: readonly string[] = []): string | undefined => {
  const pair = typeof target === "string" ? pairOf(target) : undefined;
  return pair && (labels[Number(pair[1])] ?? `class ${pair[1]}`);
};

/** Classes of one row, where several are asked for. */
const mapsOf = (target: Prepared["choices"]["target"]): number | undefined => {
  if (typeof target === "object") return target.list.length;
  const top = /^top:(\d+)$/.exec(String(target))?.[1];
  return top === undefined ? undefined : Number(top);
};

/** Options that the method has no use for are errors. Throws Usage. */
const checkMethod = (method: string, lrp: boolean, options: ExplainOptions, voice: Voice): void => {
  const many = cardOf(method) !== undefined;
  const refuse = (option: string, fix: string) => {
    throw fail("Usage", { what: `${option} does not go with method ${method}`, fix });
  };
  if (!lrp && (options.ledger || options.strict))
    throw fail("Usage", { what: `no ledger for method ${method}`, fix: "--ledger and --strict go with lrp" });
  if (many && options.layer) refuse("--layer", "it goes with methods of one pass");
  if (many && options.condition) refuse("--condition", "it goes with methods of one pass");
  const own = [
    ["--references", options.references],
    ["--groups", options.groups],
    ["--seed-rng", options.seedRng],
    ["--batch", options.batch],
  ] as const;
  const stray = own.find(([, value]) => value !== undefined)?.[0];
  if (!many && stray !== undefined) refuse(stray, "it goes with methods of many passes: backlit methods lists them");
  const card = methodCards.find(({ name }) => name === method);
  if (options.target !== undefined && card?.classDiscriminative === false)
    voice.note(`maps of ${method} are much the same for every class`);
};

/** What a method is given beside the input. */
const givenBeside = async (options: ExplainOptions, prepared: Prepared) => {
  const { bundle, random } = prepared;
  const seed = options.seedRng ?? random;
  const groups: Tensor | undefined = options.groups === undefined ? undefined : readNpy(await readInputFile(options.groups));
  return {
    ...(options.references !== undefined && {
      references: await readReferences(options.references, bundle, explainedPlan(prepared).plan.explained),
    }),
    ...(groups && { groups }),
    ...(seed !== undefined && { random: seed }),
    ...(options.batch !== undefined && { batch: options.batch }),
  };
};
