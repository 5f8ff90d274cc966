/** The JSON files beside a model: class names and preprocessing. A file that cannot be read is left aside with a notice. */

import {
  asBytes,
  describesPreprocessing,
  describesSound,
  isBacklitError,
  type ModelProto,
  OUTPUT_KINDS,
  type Preprocessor,
  type ReadingOptions,
  readingInConfig,
  readPreprocessor,
} from "@backlit/core";
import { type Files, inside, textIn } from "../host/files.ts";
import { type ByteInput, byteInputOf } from "./byte-input.ts";
import { type NamedClasses, readClassNames } from "./class-names.ts";
import { dimsOf, pictureInput, takesBytes } from "./inputs.ts";

export interface ConfigFiles extends NamedClasses {
  readonly preprocessor?: Preprocessor;
  readonly byteInput: ByteInput;
  /** What preprocessor_config.json says of sounds, as it stands; `sampling_rate` is also said by option. */
  readonly sound?: Readonly<Record<string, unknown>>;
  /** What config.json says of the model's axes and output. */
  readonly reading?: ReadingOptions;
  /** tokenizer.json */
  readonly tokenizer?: string;
  readonly notices: readonly string[];
}

export const readConfigFiles = async (files: Files, dir: string, model: ModelProto): Promise<ConfigFiles> => {
  const notices: string[] = [];
  const read = async <T>(file: string, as: (json: unknown) => T | undefined): Promise<T | undefined> => {
    const path = inside(dir, file);
    const text = await textIn(files, path);
    if (text === undefined) return undefined;
    try {
      return as(JSON.parse(text));
    } catch (error) {
      notices.push(`${path} is left aside: ${isBacklitError(error) || error instanceof SyntaxError ? error.message : error}`);
      return undefined;
    }
  };
  const picture = pictureInput(model);
  const said = { ...(await read("config.json", readingInConfig)), ...(await read("config.json", outputInConfig)) };
  const asPreprocessor = (json: unknown) => {
    const read = picture && readPreprocessor(json, dimsOf(picture), said.layout);
    return read && takesBytes(picture) ? asBytes(read) : read;
  };
  const classes = await readClassNames(files, dir, model, (text) => void notices.push(text));
  let byteInput = byteInputOf({});
  let sound: ConfigFiles["sound"];
  const own = await read("preprocessor_config.json", (json) => {
    if (describesSound(json)) sound = json;
    byteInput = byteInputOf(json);
    return sound ? undefined : asPreprocessor(json);
  });
  const preprocessor =
    own ?? (await read("config.json", (json) => (describesPreprocessing(json) ? asPreprocessor(json) : undefined)));
  const reading: ReadingOptions | undefined = Object.keys(said).length > 0 ? said : undefined;
  const tokenizer = inside(dir, "tokenizer.json");
  return {
    ...classes,
    ...(preprocessor && { preprocessor }),
    byteInput,
    ...(sound && { sound }),
    ...(reading && { reading }),
    ...((await files.info(tokenizer))?.kind === "file" && { tokenizer }),
    notices,
  };
};

/** `output_kind` and `class_axis` of our own, and what Hugging Face calls a problem type. */
const outputInConfig = (json: unknown): ReadingOptions | undefined => {
  const { output_kind: kind, class_axis: axis, problem_type: problem } = json as Readonly<Record<string, unknown>>;
  const said = OUTPUT_KINDS.find((one) => one === kind) ?? (problem === "regression" ? "regression" : undefined);
  if (said === undefined && !Number.isInteger(axis)) return undefined;
  return { ...(said && { outputKind: said }), ...(Number.isInteger(axis) && { classAxis: axis as number }) };
};
