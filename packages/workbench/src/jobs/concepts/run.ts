/** The job `concepts`: which samples single channels stand for. */
import {
  type ChannelDeletion,
  type ConceptResult,
  type ConceptTask,
  channelDeletion,
  concepts,
  type Mode,
  type PrototypesAsked,
  type PrototypesByClass,
  prototypesByClass,
  type ReferenceStability,
  referenceStability,
  type Statistic,
} from "@backlit/core";
import { partsProgress } from "../../words/progress.ts";
import { type DataSetRequest, explainedBy } from "../data-set.ts";
import { asUsage, keptIn } from "../evaluate/run.ts";
import { type JudgingSession, openSession } from "../evaluate/session.ts";
import type { JobContext } from "../request.ts";
import type { Atlas, AtlasAsked } from "./atlas/result.ts";

export interface ConceptsRequest extends DataSetRequest {
  /** Values inside whose channels are looked at. */
  readonly values: readonly string[];
  /** Ranked by relevance, activation, or both (default). */
  readonly modes?: readonly Mode[];
  /** Over positions; default sum. */
  readonly statistic?: Statistic;
  /** Relevance as a share of the layer's (default), or as it is. */
  readonly share?: boolean;
  /** Samples told of each channel, and of each class. */
  readonly top?: number;
  readonly perClass?: number;
  /** The channel relevances of every sample too. */
  readonly vectors?: boolean;
  /** How well relevance says which channels matter, and how stable their reference samples are, is wanted too. */
  readonly judged?: boolean;
  /** Prototypes of every class are fitted: how many, and with which covariances. */
  readonly prototypes?: PrototypesAsked;
  /** Pictures of reference samples are wanted, for a page. */
  readonly atlas?: AtlasAsked;
}

/** What is written to a file. */
export interface ConceptsDocument extends ConceptResult {
  readonly prototypes?: PrototypesByClass;
  /** By value. */
  readonly judged?: Readonly<Record<string, JudgedChannels>>;
}

export interface JudgedChannels {
  readonly deletion: ChannelDeletion;
  readonly stability: ReferenceStability;
}

export interface ConceptsResult {
  readonly v: 1;
  readonly result: ConceptsDocument;
  readonly atlas?: Atlas;
}

/** Errors: Usage, NotFound, BadInput, those of `concepts`. */
export const conceptsJob = async (request: ConceptsRequest, context: JobContext): Promise<ConceptsResult> => {
  await using opened = await openConcepts(request, context);
  const found = await asUsage(concepts(opened.lits, opened.task));
  found.notices.forEach(context.listener.note);
  const judged = request.judged && (await asUsage(judge(opened, found, context)));
  const made = request.prototypes === undefined ? {} : { prototypes: await asUsage(fitted(found, request, context)) };
  const result: ConceptsDocument = { ...(request.vectors ? found : bare(found)), ...made, ...(judged && { judged }) };
  if (request.atlas === undefined) return { v: 1, result };
  const { atlasOf } = await import("./atlas/atlas.ts");
  return { v: 1, result, atlas: await asUsage(atlasOf(opened, result, request.atlas, context)) };
};

const fitted = async (found: ConceptResult, { prototypes }: ConceptsRequest, { listener }: JobContext) => {
  listener.progress("fitting prototypes");
  return prototypesByClass(found, prototypes);
};

/** Of every value. */
const judge = async ({ lits, task }: OpenConcepts, found: ConceptResult, { listener }: JobContext) => {
  const all: Record<string, JudgedChannels> = {};
  for (const value of Object.keys(found.values)) {
    listener.progress(`switching channels of ${value} off`);
    all[value] = { deletion: await channelDeletion(lits[0]!, task, value), stability: referenceStability(found, value) };
  }
  return all;
};

/** Vectors that something was made of stay where they were asked for. */
const bare = (found: ConceptResult): ConceptResult => ({
  ...found,
  values: Object.fromEntries(Object.entries(found.values).map(([value, { vectors: _, ...own }]) => [value, own])),
});

export interface OpenConcepts extends JudgingSession {
  readonly task: ConceptTask;
}

/** The model, the data and the task as a request says them. Errors: Usage, NotFound, BadInput. */
export const openConcepts = async (request: ConceptsRequest, context: JobContext): Promise<OpenConcepts> => {
  const { listener, signal } = context;
  const { values, modes, statistic, share, top, perClass, prototypes, judged } = request;
  const vectors = prototypes === undefined && !judged ? request.vectors : true;
  const store = keptIn(request.store, context);
  const session = await openSession(request, context);
  const { bundle, data, target, targetFiles } = session;
  const task: ConceptTask = {
    model: bundle.name,
    data,
    values,
    options: explainedBy(request, session),
    ...(modes && { modes }),
    ...(statistic && { statistic }),
    ...(share !== undefined && { share }),
    ...(top !== undefined && { top }),
    ...(perClass !== undefined && { perClass }),
    ...(vectors !== undefined && { vectors }),
    ...(target !== undefined && { target }),
    ...(targetFiles && { targetFiles }),
    ...(store && { store }),
    ...(signal && { signal }),
    onProgress: partsProgress(listener, store),
  };
  return { ...session, task };
};
