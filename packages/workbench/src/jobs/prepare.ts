/** From a request to a model ready to be explained: opened, choices and inputs read, traced. */
import { type Choices, checkFilled, type Explainer, fail, heldTensor, pixelBox, type Runtime } from "@backlit/core";
import { oneRuntime } from "../host/host.ts";
import { completed } from "../inputs/complete.ts";
import { readSamples, type Samples, sampleSizes } from "../inputs/read.ts";
import { withPreprocessing } from "../kinds/picture/preprocessor.ts";
import { comparesTexts } from "../kinds/text/feeds.ts";
import { tokensOf } from "../kinds/text/tokens-of.ts";
import { anchorsFrom } from "../models/anchors.ts";
import { withLabels } from "../models/class-names.ts";
import { modelInputs, pictureInput } from "../models/inputs.ts";
import { loadBundle } from "../models/load.ts";
import { type Bundle, openModel } from "../models/open.ts";
import { withRate } from "../models/sound.ts";
import { readSeed, readTargets } from "./classes.ts";
import type { ChoiceRequest, InputsRequest, JobContext, ModelRequest } from "./request.ts";

export interface Prepared extends Samples {
  readonly bundle: Bundle;
  /** To be disposed of. */
  readonly lit: Explainer;
  readonly choices: Choices;
  readonly runtime: string;
  /** Milliseconds. */
  readonly timings: { readonly read: number; readonly trace: number };
}

/** A model with what the request says of it, its notices told. Errors: those of openModel; NotFound, BadInput for the class names. */
export const openRequested = async (request: ModelRequest, { host, listener }: JobContext) => {
  const { model, labels, allowed } = request;
  const opened = await openModel(host, model, allowed);
  const labelled = await withLabels(opened, host.files, labels);
  const { reading, preprocess } = saidByKind(request, opened);
  const anchors = reading?.anchors === undefined ? undefined : await anchorsFrom(host.files, reading.anchors);
  const said = { ...labelled.reading, ...reading, ...channelAxes(labelled.reading, reading), ...(anchors && { anchors }) };
  const read: Bundle = Object.keys(said).length > 0 ? { ...labelled, reading: said } : labelled; // pictures are prepared as it says
  const bundle: Bundle = {
    ...withRate(withPreprocessing(read, preprocess), request.sampleRate),
    ...(request.label !== undefined && { label: request.label }),
    ...(request.textColumns && { textColumns: request.textColumns }),
  };
  bundle.notices.forEach(listener.note);
  return bundle;
};

/** `--mean` is one option: what is taken away from the channels of a picture, and the usual row of a table. */
export const saidByKind = (
  { reading, preprocess }: Pick<ModelRequest, "reading" | "preprocess">,
  { model }: Pick<Bundle, "model">,
): Pick<ModelRequest, "reading" | "preprocess"> => {
  if (reading?.mean === undefined || pictureInput(model) === undefined)
    return { ...(reading && { reading }), ...(preprocess && { preprocess }) };
  const { mean, ...others } = reading;
  return { reading: others, preprocess: { mean, ...preprocess } };
};

const channelAxes = (...readings: readonly (Bundle["reading"] | undefined)[]) => {
  const channelAxis = Object.assign({}, ...readings.map((reading) => reading?.channelAxis));
  return Object.keys(channelAxis).length > 0 ? { channelAxis } : {};
};

/** The choices of a request, seeds and targets read by the model's classes. Errors: Usage, BadTarget. */
export const choicesOf = ({ recipe, seed, target, layers }: ChoiceRequest, bundle: Bundle): Choices => ({
  ...recipe,
  ...(seed !== undefined && { seed: readSeed(seed, bundle) }),
  ...(layers !== undefined && { layers }),
  ...(target !== undefined && { target: readTargets(target, bundle) }),
});

/** A model that reads two texts apart is given the second behind `pair:` as well. Throws Usage for both. */
export const secondTexts = (
  bundle: Bundle,
  { textPairs }: Pick<InputsRequest, "textPairs">,
  other: string | undefined,
): readonly string[] | undefined => {
  if (!other || !readsTwoTexts(bundle)) return textPairs;
  if (textPairs === undefined) return [other];
  throw fail("Usage", { what: `--target pair:${other} with --text-pair`, why: "both are the second text", fix: "leave one out" });
};

/** Texts are what it compares, and it has the tokenizer for both. */
export const readsTwoTexts = ({ tokenizer, model }: Pick<Bundle, "tokenizer" | "model">): boolean =>
  tokenizer !== undefined && comparesTexts(modelInputs(model));

export interface PrepareOptions {
  /** The samples are to be run, so that every input of the model has to be there. */
  readonly complete?: boolean;
  /** What is behind `pair:`; the second text of a model that reads two apart. */
  readonly other?: string;
  readonly runtime?: Promise<Runtime>;
}

/** Errors: those of opening, reading and tracing. */
export const prepare = async (
  request: ModelRequest & ChoiceRequest & InputsRequest,
  context: JobContext,
  { complete = false, other, runtime: asked = oneRuntime(context.host, context.listener.note) }: PrepareOptions = {},
): Promise<Prepared> => {
  const started = performance.now();
  const { host, listener } = context;
  const { inputs: files = [], held = {} } = request;
  const [bundle, runtime] = await Promise.all([openRequested(request, context), asked]);
  const choices = choicesOf(request, bundle);
  const textPairs = secondTexts(bundle, request, other);
  const read = await readSamples(host, bundle, files, {
    inputs: request.named ?? [],
    ...(textPairs && { textPairs }),
    ...(request.bytes && { bytes: request.bytes }),
  });
  read.notices.forEach(listener.note);
  const inputs = modelInputs(bundle.model);
  const set = Object.fromEntries(
    inputs.flatMap((input) => (held[input.name] ? [[input.name, heldTensor(input, held[input.name]!)]] : [])),
  );
  const given = read.samples.map((sample) => ({ ...sample, feeds: { ...set, ...sample.feeds } }));
  const samples = complete ? completed(given, inputs, listener.note) : given;
  for (const { feeds, file } of samples) checkFilled(feeds, file);
  const reading = performance.now() - started;
  listener.progress("tracing the model");
  // A guessed preprocessing says nothing about arrays.
  const box = bundle.preprocessor ?? (read.samples.some(({ picture }) => picture) ? read.preprocessor : undefined);
  const lit = await loadBundle(bundle, {
    runtime,
    dims: request.dims ?? {},
    held,
    float: request.float ?? false,
    sample: sampleSizes(samples),
    ...(await tokensOf(bundle, host)),
    ...(box && { box: pixelBox(box) }),
  });
  const trace = performance.now() - started - reading;
  return { ...read, samples, bundle, lit, choices, runtime: runtime.name, timings: { read: reading, trace } };
};
