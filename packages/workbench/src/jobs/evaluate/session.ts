/** A model opened with data to judge it on: what `evaluate`, `tune` and `audit` begin with. */
import { type EvaluationData, fail, type Preprocessor, type Trial } from "@backlit/core";
import { type Voice } from "../../host/voice.ts";
import { readAllowed } from "../../models/allowed.ts";
import { readDims } from "backlit";
import { readTarget } from "../classes.ts";
import { readReading } from "backlit";
import { labelsFrom } from "../../models/class-names.ts";
import { type Bundle, openModel } from "../../models/open.ts";
import { openData } from "../../data/open.ts";
import { rangeOf, readyData } from "../../data/samples.ts";
import { defaultWorkers, startWorkers, type Workers } from "./workers.ts";

export interface SessionOptions {
  /** `top`, `label`, or a target as `explain` takes it. */
  readonly target?: string;
  /** A file of class names. */
  readonly labels?: string;
  /** The column of a table that holds the labels. */
  readonly label?: string;
  readonly limit?: number;
  readonly dim?: readonly string[];
  readonly allow?: readonly string[];
  /** What a usual row of a table is. */
  readonly mean?: number | readonly number[];
  readonly workers?: number;
}

export interface JudgingSession extends AsyncDisposable {
  readonly bundle: Bundle;
  readonly data: EvaluationData;
  /** One target for all samples, where it is neither the predicted class nor the label's. */
  readonly target?: string | number;
  /** The data says where objects are. */
  readonly masked: boolean;
  readonly range?: NonNullable<Trial["range"]>;
  /** How pictures were preprocessed. */
  readonly preprocessor?: Preprocessor;
  /** One a worker; the first is always there. */
  readonly lits: Workers["lits"];
}

/** Errors: NotFound, BadFile, BadModel, BadInput, Usage. */
export const openSession = async (
  model: string,
  path: string,
  options: SessionOptions,
  voice: Voice,
): Promise<JudgingSession> => {
  const opened = await openModel(model, readAllowed(options.allow));
  const bundle = options.labels === undefined ? opened : { ...opened, ...(await labelsFrom(options.labels, opened.model)) };
  bundle.notices.forEach(voice.note);
  voice.progress("reading the data");
  const set = await openData(path, bundle, options.label);
  const { target: asked = "top", limit } = options;
  const own = asked === "top" || asked === "label" || asked === "argmax" ? undefined : oneTarget(asked, bundle);
  const target = asked === "label" ? "label" : "top";
  const { data, sample, masked } = await readyData(set, path, bundle, { target, limit, note: voice.note });
  const range = rangeOf(set, bundle);
  voice.progress("tracing the model");
  const reading = options.mean === undefined ? undefined : readReading({ mean: options.mean }, bundle.reading);
  const traced = { dims: readDims(options.dim), sample, ...(range && { box: range }), ...(reading && { reading }) };
  const workers = await startWorkers(bundle, options.workers ?? defaultWorkers(), traced, voice.note);
  return {
    bundle,
    data,
    masked,
    lits: workers.lits,
    ...(own !== undefined && { target: own }),
    ...(range && { range }),
    ...(set.preprocessor && { preprocessor: set.preprocessor }),
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
