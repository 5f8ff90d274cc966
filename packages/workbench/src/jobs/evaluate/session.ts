/** A model opened with data to judge it on: what `evaluate`, `tune` and `audit` begin with. */
import { type EvaluationData, fail, type Preprocessor, type Tensor, type Trial } from "@backlit/core";
import { dataAt } from "../../data/at.ts";
import type { TextOf } from "../../data/item.ts";
import { tokensOf } from "../../kinds/text/tokens-of.ts";
import type { Bundle } from "../../models/open.ts";
import { readTarget } from "../classes.ts";
import { openRequested } from "../prepare.ts";
import type { JobContext, ModelRequest } from "../request.ts";
import { targetFilesOf } from "../target-files.ts";
import { startWorkers, type Workers } from "./workers.ts";

export interface JudgeRequest extends ModelRequest {
  /** A folder of pictures, arrays, a table. */
  readonly data: string;
  /** `top`, `label`, or a target as `explain` takes it. */
  readonly target?: string;
  /** The column of a table that holds the labels. */
  readonly label?: string;
  /** The first samples only. */
  readonly limit?: number;
  readonly workers?: number;
}

export interface JudgingSession extends AsyncDisposable {
  readonly bundle: Bundle;
  readonly data: EvaluationData;
  /** One target for all samples, where it is neither the predicted class nor the label's. */
  readonly target?: string | number;
  /** Masks that it names. */
  readonly targetFiles?: Readonly<Record<string, Tensor>>;
  /** The data says where objects are. */
  readonly masked: boolean;
  readonly range?: NonNullable<Trial["range"]>;
  /** How pictures were preprocessed. */
  readonly preprocessor?: Preprocessor;
  /** Of a table: the names of each input's columns. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
  readonly textOf?: TextOf;
  /** One a worker; the first is always there. */
  readonly lits: Workers["lits"];
}

/** Errors: NotFound, BadFile, BadModel, BadInput, Usage. */
export const openSession = async (request: JudgeRequest, context: JobContext): Promise<JudgingSession> => {
  const { host, listener } = context;
  const { data: path, target: asked = "top", limit, workers: count, dims = {} } = request;
  const bundle = await openRequested(request, context);
  listener.progress("reading the data");
  const own = asked === "top" || asked === "label" || asked === "argmax" ? undefined : oneTarget(asked, bundle);
  const target = asked === "label" ? "label" : "top";
  const {
    data,
    sample,
    masked,
    preprocessor,
    range,
    features: columns,
    textOf,
  } = await dataAt(host, path, bundle, {
    label: request.label,
    target,
    limit,
    note: listener.note,
  });
  listener.progress("tracing the model");
  const targetFiles = await targetFilesOf(own, host);
  const traced = { dims, sample, ...(range && { box: range }), ...(await tokensOf(bundle, host)) };
  const workers = await startWorkers(bundle, { runtimes: host.runtimes, count, note: listener.note }, traced);
  return {
    bundle,
    data,
    masked,
    lits: workers.lits,
    ...(own !== undefined && { target: own }),
    ...(targetFiles && { targetFiles }),
    ...(range && { range }),
    ...(preprocessor && { preprocessor }),
    ...(columns && { columns }),
    ...(textOf && { textOf }),
    [Symbol.asyncDispose]: () => workers[Symbol.asyncDispose](),
  };
};

/** A sample is judged by one score. Throws Usage, BadTarget. */
const oneTarget = (text: string, bundle: Bundle): string | number => {
  const target = readTarget(text, bundle);
  if (typeof target === "number" || !/^(top:.*|input)$/.test(target)) return target;
  throw fail("Usage", {
    what: `--target ${text}`,
    why: "a sample is judged by one score",
    fix: "top, label, a class, A minus B or value:NAME",
  });
};
