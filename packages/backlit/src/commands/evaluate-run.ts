/** From the command line of `evaluate` to a finished run. */
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  canonicalJson,
  type EvaluationExample,
  type EvaluationResult,
  type EvaluationTask,
  type Explainer,
  evaluate,
  fail,
  isBacklitError,
  runtimeKey,
  sha256,
} from "@backlit/core";
import type { Voice } from "@backlit/workbench";
import { examplesOf } from "../evaluate/examples.ts";
import { defaultMethods, readMethods } from "../evaluate/methods.ts";
import { referencesFor } from "../evaluate/references.ts";
import { openSession, type SessionOptions } from "../evaluate/session.ts";
import { readSettings, type SettingOptions } from "../evaluate/settings.ts";
import { folderStore } from "../evaluate/store.ts";
import { usualImputers } from "../evaluate/usual-imputers.ts";
import { checkOutputs } from "../write-files.ts";
import { describeWork } from "./row-progress.ts";

export interface EvaluateOptions extends SettingOptions, SessionOptions {
  readonly methods?: string;
  readonly explain?: string;
  readonly output?: string;
  readonly references?: string;
  readonly out?: string;
  readonly cache?: string;
  readonly report?: string;
  readonly seedRng?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface Evaluated {
  readonly result: EvaluationResult;
  readonly examples: readonly EvaluationExample[];
}

/** Errors: Usage, NotFound, BadInput, those of `evaluate`. */
export const runEvaluation = async (
  model: string,
  path: string,
  options: EvaluateOptions,
  voice: Voice,
  signal: AbortSignal,
): Promise<Evaluated> => {
  const { out, report, explain } = options;
  const cache = options.cache ?? (out === undefined ? undefined : join(out, ".cache"));
  if (out !== undefined) await openFolder(out);
  if (options.cache !== undefined) await openFolder(options.cache);
  if (report !== undefined) await checkOutputs([report], [path]);
  const given = options.methods === undefined ? undefined : await readMethods(options.methods);
  await using session = await openSession(model, path, options, voice);
  const { bundle, data, masked, range, lits, preprocessor } = session;
  const [lit] = lits as [Explainer];
  const said: Pick<EvaluationTask, "target" | "output"> = {
    ...(session.target !== undefined && { target: session.target }),
    ...(options.output !== undefined && { output: options.output }),
  };
  const { target, output } = lit.settled(said);
  const asked = { ...(explain !== undefined && { explain }), ...(output !== undefined && { output }) };
  const { plan } = lit.outline(asked);
  const methods = given ?? (await readMethods(defaultMethods(lit.model).join(",")));
  const references = await referencesFor(
    options,
    session,
    methods.map((method) => ({ ...asked, ...method.options })),
  );
  const [explained] = plan.explained as [string];
  const usual = { data, explained, asked, references, note: voice.note };
  const settings = readSettings(options, {
    masked,
    imputer: options.imputer === undefined ? await usualImputers(lit, usual) : [],
  });
  const store = cache === undefined ? undefined : folderStore(cache);
  const started = performance.now();
  const task: EvaluationTask = {
    ...{ model: bundle.name, data, methods, settings, signal, seed: options.seedRng ?? 0 },
    ...asked,
    ...(target !== undefined && { target }),
    ...(range && { range }),
    ...(references && { references }),
    ...(store && { store }),
    onProgress: (done, total) =>
      voice.working(describeWork(done, total, performance.now() - started, { before: store?.hits ?? 0, what: "parts" })),
  };
  const result = await asUsage(evaluate(lits, task));
  result.notices.forEach(voice.note);
  const pictured = out !== undefined || report !== undefined;
  if (pictured) voice.progress("drawing examples");
  return { result, examples: pictured ? await keptExamples(result, task, lit, () => examplesOf(lit, task, preprocessor)) : [] };
};

/** Pictures are made once for what they show. */
const keptExamples = async (
  { samples: _, tables: __, curves: ___, summary: ____, ...shown }: EvaluationResult,
  { data: { reading }, explain, target, output, store }: EvaluationTask,
  { options: { runtime } }: Explainer,
  make: () => Promise<readonly EvaluationExample[]>,
): Promise<readonly EvaluationExample[]> => {
  const asked = { reading, explain, target, output };
  const key = await sha256(canonicalJson({ examples: shown, runtime: runtimeKey(runtime), ...asked } as never));
  const known = (await store?.get(key)) as readonly EvaluationExample[] | undefined;
  const examples = known ?? (await make());
  if (known === undefined) await store?.put(key, examples);
  return examples;
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
