/** INPUTs as the model's feeds: pictures through the preprocessor, arrays as they are. */
import {
  fail,
  type Geometry,
  guessPreprocessor,
  type Pixels,
  type Preprocessor,
  pixelBox,
  preprocess,
  type Tensor,
  type ValueInfoProto,
} from "@backlit/core";
import { byteSample, readByteInput } from "./bytes/samples.ts";
import { fitted } from "./fitted.ts";
import { type LoadedInput, loadInput } from "./input/index.ts";
import { dimsOf, modelInputs, pictureInput } from "./model/config-files.ts";
import type { Bundle } from "./model/open.ts";
import { readCsv } from "./table/csv.ts";
import { tableSamples } from "./table/samples.ts";
import { tokenInput } from "./text/feeds.ts";
import { type Given, readGiven, type TextSample, textSamples } from "./text/samples.ts";
import { openTokenizer } from "./text/tokenizer.ts";

/** One INPUT. The tensors' first axis is the batch where the model has one. */
export interface Sample {
  readonly file: string;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly picture?: { readonly pixels: Pixels; readonly geometry: Geometry };
  readonly text?: TextSample;
  /** Names of the columns, by input; the feeds are rows of a table. */
  readonly features?: Readonly<Record<string, readonly string[]>>;
  readonly series?: true;
  /** The file's bytes, as far as the model takes them. */
  readonly bytes?: Uint8Array;
}

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
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** Throws NotFound, BadInput, and BadFile for a tokenizer that cannot be read. */
export const readSamples = async (
  bundle: Bundle,
  files: readonly string[],
  { inputs = [], textPairs = [], bytes = [], stdin }: SampleOptions = {},
): Promise<Samples> => {
  const notices = new Set<string>();
  const note = (text: string) => void notices.add(text);
  const picture = pictureInput(bundle.model);
  const guess = picture && bundle.preprocessor === undefined ? guessPreprocessor(dimsOf(picture)) : undefined;
  const preprocessor = bundle.preprocessor ?? guess;
  const named: Record<string, Tensor> = {};
  const all = modelInputs(bundle.model);
  const rest = all.filter(({ name }) => !inputs.some(([given]) => given === name));
  const main = rest.find((input) => input === picture) ?? rest[0];

  const asFeeds = (loaded: LoadedInput, input: ValueInfoProto | undefined): Omit<Sample, "file"> => {
    const fit = (tensor: Tensor, to: ValueInfoProto) => {
      const box = to === picture && preprocessor ? pixelBox(preprocessor) : undefined;
      return fitted(tensor, to, { where: loaded.name, ...(box && { box }) }, note);
    };
    if (loaded.kind === "text") throw noTokenizer(loaded.name);
    if (loaded.kind === "tensors") {
      const { tensors } = loaded;
      const alone = tensors.size === 1 && input && !tensors.has(input.name) ? [...tensors.values()][0] : undefined;
      if (alone) return { feeds: { [input!.name]: fit(alone, input!) } };
      const known = [...tensors].map(([name, t]) => [name, t, all.find((one) => one.name === name)] as const);
      return { feeds: Object.fromEntries(known.map(([name, t, one]) => [name, one ? fit(t, one) : t])) };
    }
    if (!input)
      throw fail("BadInput", { what: "an input too many", where: loaded.name, why: "--input gives all the model takes" });
    if (loaded.kind === "tensor") return { feeds: { [input.name]: fit(loaded.tensor, input) } };
    if (input !== picture || !preprocessor)
      throw fail("BadInput", {
        what: "the model takes no picture",
        where: loaded.name,
        why: `its input '${input.name}' is [${dimsOf(input)
          .map((d) => d ?? "?")
          .join(", ")}]`,
        fix: "give it an .npy or .npz file",
      });
    for (const notice of preprocessor.notices) notices.add(notice);
    const { tensor, geometry } = preprocess(loaded.pixels, preprocessor);
    return { feeds: { [input.name]: tensor }, picture: { pixels: loaded.pixels, geometry } };
  };

  const textual = picture === undefined;
  for (const [name, file] of inputs) {
    const input = all.find((one) => one.name === name);
    if (!input)
      throw fail("BadInput", {
        what: `the model has no input '${name}'`,
        fix: `its inputs are ${all.map((one) => one.name).join(", ")}`,
      });
    const { feeds } = asFeeds(await loadInput(file, { text: textual }), input);
    named[name] = feeds[name] ?? Object.values(feeds)[0]!;
  }
  const samples: Sample[] = [];
  const tokens = tokenInput(rest) !== undefined;
  if (tokens && bundle.tokenizer)
    samples.push(...(await readTexts(bundle.tokenizer, files, rest, asFeeds, { textPairs, ...(stdin && { stdin }) }, note)));
  else {
    if (textPairs.length > 0)
      throw fail("Usage", { what: "--text-pair", why: "the model has no tokenizer.json beside it", fix: "leave it out" });
    const raw = await readByteInput(bundle.dir);
    for (const file of raw.always ? [...files, ...bytes] : bytes)
      samples.push(await byteSample(file, main, raw, { stdin, note }));
    for (const file of raw.always ? [] : files) {
      const loaded = await loadInput(file, { text: textual, ...(stdin && { stdin }) }).catch((error) => {
        throw tokens && error._tag === "NotFound" && /\s/.test(file) ? noTokenizer(`"${file}"`) : error;
      });
      if (loaded.kind === "text" && !tokens && rest.length > 0)
        samples.push(...tableSamples(await readCsv(loaded.text, loaded.name), rest, file, note));
      else samples.push({ file, ...asFeeds(loaded, main) });
    }
  }
  if (files.length === 0 && inputs.length > 0) samples.push({ file: inputs.map(([, file]) => file).join(", "), feeds: {} });
  return {
    samples: samples.map((sample) => ({ ...sample, feeds: { ...named, ...sample.feeds } })),
    ...(preprocessor && { preprocessor }),
    notices: [...notices],
  };
};

/** INPUTs of a text model: texts, tokenized together; arrays of token ids as they are. */
const readTexts = async (
  tokenizer: string,
  files: readonly string[],
  inputs: readonly ValueInfoProto[],
  asFeeds: (loaded: LoadedInput, input: ValueInfoProto) => Omit<Sample, "file">,
  { textPairs = [], stdin }: SampleOptions,
  note: (text: string) => void,
): Promise<readonly Sample[]> => {
  if (textPairs.length > 1 && textPairs.length !== files.length)
    throw fail("Usage", {
      what: `${textPairs.length} --text-pair for ${files.length} texts`,
      fix: "give one for each text, or one for all",
    });
  const read: Given[] = [];
  for (const file of files) read.push(await readGiven(file, stdin));
  const pairs: Given[] = [];
  for (const pair of textPairs) pairs.push(await readGiven(pair, stdin));
  const texts = read.flatMap((one, i) => {
    const pair = pairs.length === 1 ? pairs[0] : pairs[i];
    if ("array" in one || (pair && "array" in pair)) return [];
    return [{ file: one.file, texts: pair ? [one.text, pair.text] : [one.text] }];
  });
  const made = texts.length > 0 ? textSamples(texts, inputs, await openTokenizer(tokenizer), note)[Symbol.iterator]() : undefined;
  return read.map((one) =>
    "array" in one ? { file: one.file, ...asFeeds(one.array, tokenInput(inputs)!) } : made!.next().value!,
  );
};

const noTokenizer = (where: string) =>
  fail("BadInput", {
    what: "text as input",
    where,
    why: "no tokenizer.json lies beside the model",
    fix: "put it there, or give the token ids as .npy",
  });

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
