/** What was read from a file as feeds: pictures through the preprocessor, tables by their columns, arrays as they are. */
import { fail, type Preprocessor, pixelBox, preprocess, type Tensor, type ValueInfoProto } from "@backlit/core";
import { dimsOf, shapeOf } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import type { Sample } from "../samples/sample.ts";
import { fitted } from "./array/fitted.ts";
import { arraysFor, LABELS, MASKS } from "./array/names.ts";
import { pixelArray } from "./array/pixels.ts";
import { within } from "./load-input.ts";
import type { LoadedInput } from "./loaded-input.ts";
import { readCsv } from "./table/csv.ts";
import { withoutLabel } from "./table/label.ts";
import { tableSamples } from "./table/rows.ts";
import { isText } from "./table/types.ts";
import { tokenRole } from "./text/feeds.ts";

export interface Reading {
  /** All inputs of the model. */
  readonly inputs: readonly ValueInfoProto[];
  /** The one that takes pictures, and how. */
  readonly picture: ValueInfoProto | undefined;
  readonly preprocessor: Preprocessor | undefined;
  /** How sounds become what the model takes. */
  readonly sound: Bundle["sound"];
  /** The model knows what to do with a value that is missing. */
  readonly missing: boolean;
  /** The column of tables that is no feature. */
  readonly label: Bundle["label"];
  /** What the user should know of how it was read. */
  note(text: string): void;
}

/** `targets`: the inputs it may be for, the first where only one is meant. Throws BadInput. */
export const readLoaded = async (
  loaded: LoadedInput,
  targets: readonly ValueInfoProto[],
  file: string,
  reading: Reading,
): Promise<readonly Sample[]> => {
  const { picture, preprocessor, note } = reading;
  const [input] = targets;
  const fit = (tensor: Tensor, to: ValueInfoProto) => {
    const box = to === picture && preprocessor ? pixelBox(preprocessor) : undefined;
    return fitted(tensor, to, { where: loaded.name, ...(box && { box }) }, note);
  };
  if (loaded.kind === "tensors") {
    const given = arraysFor(loaded.tensors, reading.inputs, input);
    const [only] = given;
    if (given.length === 1 && isPixels(only![1], only![0], reading)) return pictured(only![1], only![0], file, reading);
    return [{ file, feeds: named(loaded, given, fit, reading) }];
  }
  if (!input) throw fail("BadInput", { what: "an input too many", where: loaded.name, why: "--input gives all the model takes" });
  if (loaded.kind === "defined") {
    const { reader, bytes, name } = loaded;
    return [
      { file, feeds: { [input.name]: fit(await reader.read(bytes, { input, where: name, note }), input) }, kind: reader.name },
    ];
  }
  if (loaded.kind === "sound") {
    const { soundSample } = await import("./sound/read.ts");
    return [within(loaded.name, () => soundSample(loaded, input, file, reading))];
  }
  if (loaded.kind === "tensor" && isPixels(loaded.tensor, input, reading)) return pictured(loaded.tensor, input, file, reading);
  if (loaded.kind === "tensor") return [{ file, feeds: { [input.name]: fit(loaded.tensor, input) } }];
  if (loaded.kind === "text") {
    if (tokenRole(input) === "ids" && dimsOf(input).length === 2 && !isFloat(input) && !isText(input))
      throw noTokenizer(loaded.name);
    const table = withoutLabel(await readCsv(loaded.text, loaded.name), targets, { ...reading, file: loaded.name });
    return tableSamples(table, targets, file, reading);
  }
  if (input !== picture || !preprocessor)
    throw fail("BadInput", {
      what: "the model takes no picture",
      where: loaded.name,
      why: `its input '${input.name}' is ${shapeOf(input)}`,
      fix: "give it an .npy or .npz file",
    });
  preprocessor.notices.forEach(note);
  const { tensor, geometry } = preprocess(loaded.pixels, preprocessor);
  return [{ file, feeds: { [input.name]: tensor }, picture: { pixels: loaded.pixels, geometry } }];
};

/** Bytes are pictures where the model takes some. */
const isPixels = ({ type }: Tensor, input: ValueInfoProto, { picture, preprocessor }: Reading): boolean =>
  type === "uint8" && input === picture && preprocessor !== undefined;

const pictured = (tensor: Tensor, input: ValueInfoProto, file: string, reading: Reading): readonly Sample[] => {
  const { count, picture } = pixelArray(tensor, file);
  const preprocessor = reading.preprocessor!;
  preprocessor.notices.forEach(reading.note);
  return Array.from({ length: count }, (_, n) => {
    const pixels = picture(n);
    const { tensor: values, geometry } = preprocess(pixels, preprocessor);
    return { file: count > 1 ? `${file}, row ${n}` : file, feeds: { [input.name]: values }, picture: { pixels, geometry } };
  });
};

/**
 * Arrays that are no input stay where an input is missing, so that whoever misspelt one is told; where all are there, the others are left
 * aside with a notice (a graph's file may have both its edges and its adjacency matrix). Labels and masks are data's own.
 */
const named = (
  { tensors, name }: Extract<LoadedInput, { kind: "tensors" }>,
  given: ReturnType<typeof arraysFor>,
  fit: (tensor: Tensor, to: ValueInfoProto) => Tensor,
  { inputs, note }: Reading,
): Record<string, Tensor> => {
  const taken = new Set(given.map(([, tensor]) => tensor));
  const others = [...tensors].filter(([name, tensor]) => !taken.has(tensor) && ![...LABELS, ...MASKS].includes(name));
  const fitting = given.map(([input, tensor]) => [input.name, fit(tensor, input)] as const);
  if (given.length < inputs.length) return Object.fromEntries([...fitting, ...others]);
  if (others.length > 0)
    note(`${name}: ${others.map(([other]) => `'${other}'`).join(", ")} is no input of the model: left aside`);
  return Object.fromEntries(fitting);
};

const isFloat = (input: ValueInfoProto): boolean => [1, 10, 11].includes(input.type?.tensorType?.elemType ?? 1);

/** The error BadInput for a text given to a model without tokenizer. */
export const noTokenizer = (where: string) =>
  fail("BadInput", {
    what: "text as input",
    where,
    why: "no tokenizer.json lies beside the model",
    fix: "put it there, or give the token ids as .npy",
  });
