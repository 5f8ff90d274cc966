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
import { fitted } from "./fitted.ts";
import { type LoadedInput, loadInput } from "./input/index.ts";
import { dimsOf, modelInputs, pictureInput } from "./model/config-files.ts";
import type { Bundle } from "./model/open.ts";

/** One INPUT. The tensors' first axis is the batch where the model has one. */
export interface Sample {
  readonly file: string;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly picture?: { readonly pixels: Pixels; readonly geometry: Geometry };
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
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** Throws NotFound, BadInput, and Unsupported for text. */
export const readSamples = async (
  bundle: Bundle,
  files: readonly string[],
  { inputs = [], stdin }: SampleOptions = {},
): Promise<Samples> => {
  const notices = new Set<string>();
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
      return fitted(tensor, to, { where: loaded.name, ...(box && { box }) }, (text) => notices.add(text));
    };
    if (loaded.kind === "text") throw noText(bundle, loaded.name);
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
  for (const file of files) {
    const loaded = await loadInput(file, { text: textual, ...(stdin && { stdin }) }).catch((error) => {
      throw textual && bundle.tokenizer && error._tag === "NotFound" && /\s/.test(file) ? noText(bundle, `"${file}"`) : error;
    });
    const { feeds, ...sample } = asFeeds(loaded, main);
    samples.push({ file, feeds: { ...named, ...feeds }, ...sample });
  }
  if (files.length === 0 && inputs.length > 0) samples.push({ file: inputs.map(([, file]) => file).join(", "), feeds: named });
  return { samples, ...(preprocessor && { preprocessor }), notices: [...notices] };
};

const noText = ({ model }: Bundle, where: string) =>
  fail("Unsupported", {
    what: "text as input",
    where,
    why: "backlit does not tokenize yet",
    fix: `give ${modelInputs(model)
      .map(({ name }) => name)
      .join(", ")} as one .npz, and the embedding to explain with --explain`,
  });

/** The sizes of free dimensions, for tracing. */
export const sampleSizes = (samples: readonly Sample[]): Readonly<Record<string, Pick<Tensor, "dims">>> =>
  samples[0]?.feeds ?? {};
