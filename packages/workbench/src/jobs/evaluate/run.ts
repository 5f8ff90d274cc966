/** The job `evaluate`: does the heatmap tell the truth? */
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
import { partsProgress } from "../../words/progress.ts";
import { columnsOf, type GroupsAsked, readGroups } from "../groups.ts";
import type { JobContext } from "../request.ts";
import { examplesOf } from "./examples.ts";
import { judgingSettings } from "./judging-settings.ts";
import { defaultMethods, readMethods } from "./methods.ts";
import { referencesFor } from "./references.ts";
import { type JudgeRequest, type JudgingSession, openSession } from "./session.ts";
import type { SettingsRequest } from "./settings.ts";
import { textExamplesOf } from "./text-examples.ts";

export interface JudgedRequest extends JudgeRequest {
  readonly explain?: string;
  readonly output?: string;
  /** An array of reference inputs, or a folder of pictures. */
  readonly references?: string;
  /** Values that are taken away together: columns by the name of their group, or a file. */
  readonly groups?: GroupsAsked;
  readonly settings?: SettingsRequest;
  /** Where finished work is kept, by the host's name for it: a stopped run goes on. */
  readonly store?: string;
  /** Seed of all random numbers. */
  readonly random?: number;
}

export interface EvaluateRequest extends JudgedRequest {
  /** Methods, composites, `auto`, recipe files; `NAME:key=value` sets parameters. */
  readonly methods?: readonly string[];
  /** Some samples are wanted as pictures or texts, for a report. */
  readonly examples?: boolean;
}

export interface EvaluateResult {
  readonly v: 1;
  readonly result: EvaluationResult;
  readonly examples: readonly EvaluationExample[];
}

/** Errors: Usage, NotFound, BadInput, those of `evaluate`. */
export const evaluateJob = async (request: EvaluateRequest, context: JobContext): Promise<EvaluateResult> => {
  const { host, listener } = context;
  await using opened = await openEvaluation(request, context);
  const { task, lits, preprocessor, textOf } = opened;
  const result = await asUsage(evaluate(lits, task));
  result.notices.forEach(listener.note);
  if (!request.examples) return { v: 1, result, examples: [] };
  listener.progress("drawing examples");
  const { pictures } = host;
  const [lit] = lits as [Explainer];
  return {
    v: 1,
    result,
    examples: await keptExamples(result, task, lit, () =>
      textOf ? textExamplesOf(lit, task, textOf) : examplesOf(lit, task, { preprocessor, pictures }),
    ),
  };
};

export interface OpenEvaluation extends JudgingSession {
  readonly task: EvaluationTask;
}

/** The model, the data and the task as a request says them. Errors: Usage, NotFound, BadInput. */
export const openEvaluation = async (request: EvaluateRequest, context: JobContext): Promise<OpenEvaluation> => {
  const { host, listener, signal } = context;
  const given = request.methods === undefined ? undefined : await readMethods(host.files, request.methods);
  const session = await openSession(request, context);
  try {
    const [lit] = session.lits as [Explainer];
    const { asked, task: shared } = judgedBy(request, session);
    const methods = given ?? (await readMethods(host.files, defaultMethods(lit.model)));
    const chosen = methods.map((method) => ({ ...asked, ...method.options }));
    const references = await referencesFor(host, request, session, chosen);
    const { plan } = lit.outline(asked);
    const usual = { explained: plan.explained, asked, references, note: listener.note };
    const columns = () => columnsOf(lit, plan.explained, session.columns);
    const groups = request.groups === undefined ? undefined : await readGroups(host, request.groups, columns());
    const settings = await judgingSettings(request, session, usual);
    const store = keptIn(request.store, context);
    const task: EvaluationTask = {
      ...shared,
      methods,
      settings,
      ...(signal && { signal }),
      ...(references && { references }),
      ...(groups && { groups }),
      ...(store && { store }),
      onProgress: partsProgress(listener, store),
    };
    return { ...session, task };
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
};

/** What is judged, as the request says it. Errors: BadTarget. */
export const judgedBy = (request: JudgedRequest, { bundle, data, range, lits, target: own, targetFiles }: JudgingSession) => {
  const { explain, output: named, random = 0 } = request;
  const { target, output } = lits[0]!.settled<Pick<EvaluationTask, "target" | "output">>({
    ...(own !== undefined && { target: own }),
    ...(named !== undefined && { output: named }),
  });
  const asked = { ...(explain !== undefined && { explain }), ...(output !== undefined && { output }) };
  const task = {
    ...{ model: bundle.name, data, seed: random },
    ...asked,
    ...(target !== undefined && { target }),
    ...(targetFiles && { targetFiles }),
    ...(range && { range }),
  };
  return { asked, task };
};

/** The store a request names, if it names one. Throws Usage where nothing is kept. */
export const keptIn = (place: string | undefined, { host }: JobContext) => {
  if (place === undefined) return undefined;
  if (host.store) return host.store(place);
  throw fail("Usage", { what: `a store '${place}'`, why: "finished work is not kept here", fix: "leave it out" });
};

/** Examples are made once for what they show. */
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

/** A parameter that a metric, unit or imputer refuses came from whoever asked. */
export const asUsage = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw isBacklitError(error, "BadRecipe") ? fail("Usage", error.parts, error) : error;
  }
};
