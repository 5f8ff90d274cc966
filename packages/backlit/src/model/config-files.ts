/** The JSON files beside a model: class names and preprocessing. A file that cannot be read is left aside with a notice. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  DataType,
  describesPreprocessing,
  type InputDims,
  isBacklitError,
  type ModelProto,
  OUTPUT_KINDS,
  type Preprocessor,
  type ReadingOptions,
  readingInConfig,
  readPreprocessor,
  type ValueInfoProto,
} from "@backlit/core";
import { type ByteInput, byteInputOf } from "../bytes/config.ts";
import { type NamedClasses, readClassNames } from "./class-names.ts";

export interface ConfigFiles extends NamedClasses {
  readonly preprocessor?: Preprocessor;
  readonly byteInput: ByteInput;
  /** What config.json says of the model's axes and output. */
  readonly reading?: ReadingOptions;
  /** tokenizer.json */
  readonly tokenizer?: string;
  readonly notices: readonly string[];
}

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE];

/** Inputs that a user feeds: no initializers. */
export const modelInputs = ({ graph }: ModelProto): readonly ValueInfoProto[] => {
  const initializers = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !initializers.has(name));
};

/** An input's sizes; names and nothing are free. */
export const dimsOf = (input: ValueInfoProto): InputDims =>
  (input.type?.tensorType?.shape ?? []).map(({ value, param }) => (value !== undefined && value > 0 ? value : param));

/** `[N, 3, 224, 224]`, for messages. */
export const shapeOf = (input: ValueInfoProto): string =>
  `[${dimsOf(input)
    .map((d) => d ?? "?")
    .join(", ")}]`;

/** The first input that can take a picture: float, four axes, one or three channels. */
export const pictureInput = (model: ModelProto): ValueInfoProto | undefined =>
  modelInputs(model).find((input) => {
    const [, a, b, c] = dimsOf(input);
    const rank = input.type?.tensorType?.shape?.length;
    return FLOATS.includes(input.type?.tensorType?.elemType ?? 0) && rank === 4 && [a, b && c].some((n) => n === 1 || n === 3);
  });

export const readConfigFiles = async (dir: string, model: ModelProto): Promise<ConfigFiles> => {
  const notices: string[] = [];
  const read = async <T>(file: string, as: (json: unknown) => T | undefined): Promise<T | undefined> => {
    const path = join(dir, file);
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return as(JSON.parse(text));
    } catch (error) {
      notices.push(`${path} is left aside: ${isBacklitError(error) || error instanceof SyntaxError ? error.message : error}`);
      return undefined;
    }
  };
  const dims = pictureInput(model);
  const asPreprocessor = (json: unknown) => dims && readPreprocessor(json, dimsOf(dims));
  const classes = await readClassNames(dir, model, (text) => void notices.push(text));
  let byteInput = byteInputOf({});
  const own = await read("preprocessor_config.json", (json) => {
    byteInput = byteInputOf(json);
    return asPreprocessor(json);
  });
  const preprocessor =
    own ?? (await read("config.json", (json) => (describesPreprocessing(json) ? asPreprocessor(json) : undefined)));
  const said = { ...(await read("config.json", readingInConfig)), ...(await read("config.json", outputInConfig)) };
  const reading: ReadingOptions | undefined = Object.keys(said).length > 0 ? said : undefined;
  const tokenizer = join(dir, "tokenizer.json");
  return {
    ...classes,
    ...(preprocessor && { preprocessor }),
    byteInput,
    ...(reading && { reading }),
    ...((await stat(tokenizer).catch(() => undefined))?.isFile() && { tokenizer }),
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

/** Whether rows may be cut and joined: the first axis of every input is free. */
export const hasFreeBatch = (model: ModelProto): boolean =>
  modelInputs(model).every((input) => (input.type?.tensorType?.shape?.length ?? 0) > 0 && typeof dimsOf(input)[0] !== "number");
