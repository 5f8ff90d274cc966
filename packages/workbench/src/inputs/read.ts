/** INPUTs as the model's feeds. What an INPUT may be (picture, text, table, bytes, array) follows from the model. */

import { append, fail, type Preprocessor, type Tensor, type ValueInfoProto } from "@backlit/core";
import type { Host } from "../host/host.ts";
import { isVolumeOfBytes } from "../kinds/array/fitted.ts";
import type { Reading } from "../kinds/kind.ts";
import { loadInput } from "../kinds/load-input.ts";
import { readLoaded } from "../kinds/loaded.ts";
import { preprocessorOf } from "../kinds/picture/preprocessor.ts";
import { stringInput } from "../kinds/strings/detect.ts";
import { tokenInput } from "../kinds/text/feeds.ts";
import { noTokenizer } from "../kinds/text/no-tokenizer.ts";
import { knowsMissing, modelInputs, pictureInput } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { concatenate } from "../samples/feeds.ts";
import type { Sample } from "../samples/sample.ts";

/** Comes when such a model is met: it reads tables, too. */
const strings = () => import("../kinds/strings/read.ts");

export interface Samples {
  readonly samples: readonly Sample[];
  /** The preprocessing used, or what the model's would be. */
  readonly preprocessor?: Preprocessor;
  readonly notices: readonly string[];
}

export interface SampleOptions {
  /** Further inputs of the model, by name. */
  readonly inputs?: readonly (readonly [name: string, file: string])[];
  /** Second texts of pairs, one for every INPUT. */
  readonly textPairs?: readonly string[];
  /** Files to be taken as bytes, after the INPUTs. */
  readonly bytes?: readonly string[];
}

/** What reads INPUTs. */
export type InputHost = Pick<Host, "files" | "pictures" | "limited">;

/** Throws NotFound, BadInput, and BadFile for a tokenizer that cannot be read. */
export const readSamples = async (
  host: InputHost,
  bundle: Bundle,
  files: readonly string[],
  options: SampleOptions = {},
): Promise<Samples> => {
  const { inputs: given = [], textPairs = [], bytes = [] } = options;
  const notices = new Set<string>();
  const inputs = modelInputs(bundle.model);
  const picture = pictureInput(bundle.model);
  const preprocessor = preprocessorOf(bundle);
  const { sound, label } = bundle;
  const missing = knowsMissing(bundle.model);
  const scaled: Reading["scaled"] = (tensor, input) => isVolumeOfBytes(bundle.model, tensor, input);
  const note = (text: string) => void notices.add(text);
  const reading: Reading = { inputs, picture, preprocessor, sound, scaled, label, missing, note };

  const named: Record<string, Tensor> = {};
  let known: Pick<Sample, "features" | "picture"> = {};
  for (const [name, file] of given) {
    const input = inputs.find((one) => one.name === name);
    if (!input)
      throw fail("BadInput", {
        what: `the model has no input '${name}'`,
        fix: `its inputs are ${inputs.map((one) => one.name).join(", ")}`,
      });
    const read = stringInput([input])
      ? await (await strings()).readStrings(host, [file], input, reading)
      : await readLoaded(await loadInput(host, file, { text: input !== picture, ...npzOf(bundle) }), [input], file, reading);
    named[name] = concatenate(read.map(({ feeds }) => feeds[name] ?? Object.values(feeds)[0]!));
    const [{ features, picture: pixels } = {} as Partial<Sample>] = read;
    known = {
      ...known,
      ...(features && { features: { ...known.features, ...features } }),
      ...(pixels && read.length === 1 && { picture: pixels }),
    };
  }

  const rest = inputs.filter(({ name }) => !given.some(([one]) => one === name));
  const samples: Sample[] = [];
  const string = stringInput(rest);
  if (bundle.tokenizer && tokenInput(rest) && bytes.length === 0)
    append(samples, await readAsTexts(host, { bundle, files, rest, bytes }, { ...options, ...reading }));
  else if (textPairs.length > 0)
    throw fail("Usage", { what: "--text-pair", why: "the model has no tokenizer.json beside it", fix: "leave it out" });
  else if (string && bytes.length === 0) append(samples, await (await strings()).readStrings(host, files, string, reading));
  else append(samples, await readFiles(host, { bundle, files, rest, bytes }, reading));
  if (files.length === 0 && given.length > 0) samples.push({ file: given.map(([, file]) => file).join(", "), feeds: {} });
  return {
    samples: samples.map((sample) => ({
      ...known,
      ...sample,
      feeds: { ...named, ...sample.feeds },
      ...(known.features && { features: { ...known.features, ...sample.features } }),
    })),
    ...(preprocessor && { preprocessor }),
    notices: [...notices],
  };
};

interface FilesAsked {
  readonly bundle: Bundle;
  readonly files: readonly string[];
  /** The inputs `--input` does not give. */
  readonly rest: readonly ValueInfoProto[];
  readonly bytes: readonly string[];
}

/** Loaded with the first text: a page that explains pictures does without. */
const readAsTexts = async (
  host: InputHost,
  { bundle, files, rest }: FilesAsked,
  options: Reading & Pick<SampleOptions, "textPairs">,
): Promise<readonly Sample[]> => {
  const { readTexts } = await import("../kinds/text/read.ts");
  return readTexts(host, files, rest, { ...options, tokenizer: bundle.tokenizer!, allowed: bundle.allowed });
};

const readFiles = async (
  host: InputHost,
  { bundle, files, rest, bytes }: FilesAsked,
  reading: Reading,
): Promise<readonly Sample[]> => {
  const { picture, note } = reading;
  const targets = [...rest].sort((a, b) => Number(b === picture) - Number(a === picture));
  const { byteInput } = bundle;
  const samples: Sample[] = [];
  for (const file of byteInput.always ? [...files, ...bytes] : bytes)
    samples.push(await (await import("../kinds/bytes/read.ts")).byteSample(host.files, file, targets[0], { ...byteInput, note }));
  for (const file of byteInput.always ? [] : files) {
    const loaded = await loadInput(host, file, { text: targets[0] !== picture, ...npzOf(bundle) }).catch((error) => {
      throw tokenInput(rest) && error._tag === "NotFound" && /\s/.test(file) ? noTokenizer(`"${file}"`) : error;
    });
    append(samples, await readLoaded(loaded, targets, file, reading));
  }
  return samples;
};

const npzOf = ({ allowed: { npz } }: Bundle) => (npz === undefined ? {} : { npz });

/** Tokens a text is traced with: tracing also tries more, and a model may have no positions beyond its longest text. */
const TRACED = 16;

/** The sizes of free dimensions, for tracing. */
export const sampleSizes = (samples: readonly Sample[]): Readonly<Record<string, Pick<Tensor, "dims">>> => {
  const [first] = samples;
  if (!first?.text) return first?.feeds ?? {};
  const sizes = Object.entries(first.feeds).map(([name, { dims }]) => [name, { dims: traced(dims) }] as const);
  return Object.fromEntries(sizes);
};

const traced = ([rows, length, ...rest]: readonly number[]): readonly number[] =>
  rows === undefined || length === undefined ? [] : [rows, Math.min(length, TRACED), ...rest];
