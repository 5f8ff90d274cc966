/** From a command line to a model ready to be explained: opened, choices read, inputs read, traced. */
import { type Choices, checkFilled, type Explainer, heldTensor, pixelBox, type Runtime } from "@backlit/core";
import { type Voice } from "../host/voice.ts";
import { completed } from "../samples/complete.ts";
import { modelInputs } from "../models/inputs.ts";
import { readAllowed } from "../models/allowed.ts";
import type { Io } from "backlit";
import { load } from "backlit";
import { labelsFrom } from "../models/class-names.ts";
import { type Bundle, openModel } from "../models/open.ts";
import { nodeRuntime } from "backlit";
import { readSamples, type Samples, sampleSizes } from "../samples/read.ts";
import { type ChoiceOptions, checkOnePass, pairs, readAxes, readChoices, readDims, readHeld } from "backlit";
import { readReading } from "backlit";

export interface Prepared extends Samples {
  readonly bundle: Bundle;
  /** To be disposed of. */
  readonly lit: Explainer;
  readonly choices: Choices;
  /** Seed of the random numbers, where the recipe names one. */
  readonly random?: number;
  readonly runtime: string;
  /** Milliseconds. */
  readonly timings: { readonly read: number; readonly trace: number };
}

export interface PrepareOptions {
  /** The samples are to be run, so that every input of the model has to be there. */
  readonly complete?: boolean;
  /** Default: this machine's, in this thread. */
  readonly runtime?: Promise<Runtime>;
}

export const prepare = async (
  model: string,
  files: readonly string[],
  options: ChoiceOptions,
  io: Io,
  voice: Voice,
  { complete = false, runtime: asked = nodeRuntime(voice.note) }: PrepareOptions = {},
): Promise<Prepared> => {
  const started = performance.now();
  const [opened, runtime] = await Promise.all([openModel(model, readAllowed(options.allow)), asked]);
  const labelled = options.labels === undefined ? opened : { ...opened, ...(await labelsFrom(options.labels, opened.model)) };
  const said = readAxes(options, labelled.reading);
  const bundle = { ...labelled, ...(said && { reading: said }) }; // pictures are prepared as it says
  bundle.notices.forEach(voice.note);
  const { choices, notices, ...seeded } = await readChoices(options, bundle);
  if (!complete) checkOnePass(choices);
  notices.forEach(voice.note);
  const read = await readSamples(bundle, files, {
    inputs: pairs("input", options.input),
    ...(options.textPair && { textPairs: options.textPair }),
    ...(options.bytes && { bytes: options.bytes }),
    stdin: io.stdin,
  });
  read.notices.forEach(voice.note);
  const held = readHeld(options.hold);
  const inputs = modelInputs(bundle.model);
  const set = Object.fromEntries(
    inputs.flatMap((input) => (held[input.name] ? [[input.name, heldTensor(input, held[input.name]!)]] : [])),
  );
  const given = read.samples.map((sample) => ({ ...sample, feeds: { ...set, ...sample.feeds } }));
  const samples = complete ? completed(given, inputs, voice.note) : given;
  for (const { feeds, file } of samples) checkFilled(feeds, file);
  const reading = performance.now() - started;
  voice.progress("tracing the model");
  // A guessed preprocessing says nothing about arrays.
  const box = bundle.preprocessor ?? (read.samples.some(({ picture }) => picture) ? read.preprocessor : undefined);
  const lit = await load(bundle, {
    runtime,
    dims: readDims(options.dim),
    held,
    float: options.float ?? false,
    sample: sampleSizes(samples),
    reading: readReading(options, said),
    ...(box && { box: pixelBox(box) }),
  });
  const trace = performance.now() - started - reading;
  return { ...read, ...seeded, samples, bundle, lit, choices, runtime: runtime.name, timings: { read: reading, trace } };
};
