/** Class names of a model: from --labels, labels.json or labels.txt beside it, config.json, or its own file. */
import {
  type ClassNames,
  classNamesIn,
  DataType,
  fail,
  isBacklitError,
  type ModelProto,
  namesByColumn,
  readLabelLines,
  readLabels,
} from "@backlit/core";
import { baseName, type Files, inside, textIn, textOf } from "../host/files.ts";
import { isDetectorOf } from "./detector-classes.ts";

export interface NamedClasses {
  /** Names to show, by class. */
  readonly labels?: readonly string[];
  /** Where these are from. */
  readonly labelsWhy?: string;
  /** Longer names a class may be called by too. */
  readonly synonyms?: readonly string[];
}

/** The first that fits the model's outputs, and the next one as synonyms; what does not fit is left aside with a notice. */
export const readClassNames = async (
  files: Files,
  dir: string,
  model: ModelProto,
  note: (text: string) => void,
): Promise<NamedClasses> => {
  const read = (file: string) => readNames(files, inside(dir, file), note);
  const named = [await read("labels.json"), await read("labels.txt"), await read("config.json")].filter(
    (one) => one !== undefined,
  );
  const own = classNamesIn(model);
  const beside = named.map((source) => namesByColumn(source, model));
  const fitting = beside.filter(({ names }) => {
    const fits = fit(names, model);
    if (!fits) note(`${names.length} class names for ${sizesOf(model).at(-1)} classes: the names are left aside`);
    return fits;
  });
  const [labels, synonyms] = own && fit(own.names, model) ? [...fitting, own] : fitting;
  return {
    ...(labels && { labels: labels.names, labelsWhy: labels.why }),
    ...(synonyms && { synonyms: synonyms.names }),
  };
};

/** `file` as --labels names it: JSON as in labels.json, or a name a line. Throws NotFound and BadInput. */
export const labelsFrom = async (files: Files, file: string, model: ModelProto): Promise<NamedClasses> => {
  const text = await textOf(files, file, "cannot read the class names");
  let labels: readonly string[] | undefined;
  try {
    labels = namesIn(text, file);
  } catch (cause) {
    throw fail("BadInput", { what: "the class names cannot be read", where: file, why: (cause as Error).message }, cause);
  }
  if (labels === undefined || labels.length === 0)
    throw fail("BadInput", { what: "no class names", where: file, fix: "give a list of names as JSON, or one a line" });
  if (!fit(labels, model))
    throw fail("BadInput", {
      what: `${labels.length} class names`,
      where: file,
      why: `the model has ${sizesOf(model).at(-1)} classes`,
      fix: "give one name for each class, in their order",
    });
  const { names, why } = namesByColumn({ names: labels, why: `--labels ${file} names them` }, model);
  return { labels: names, labelsWhy: why };
};

const namesIn = (text: string, file: string): readonly string[] | undefined =>
  /\.json$/i.test(file) || /^[\s\uFEFF]*[[{]/.test(text)
    ? readLabels(JSON.parse(text.replace(/^\uFEFF/, "")))
    : readLabelLines(text);

const readNames = async (files: Files, path: string, note: (text: string) => void): Promise<ClassNames | undefined> => {
  const file = baseName(path);
  const text = await textIn(files, path);
  if (text === undefined) return undefined;
  try {
    const names = namesIn(text, file);
    return names && { names, why: `${file} beside the model names them` };
  } catch (error) {
    note(`${path} is left aside: ${isBacklitError(error) || error instanceof SyntaxError ? error.message : error}`);
    return undefined;
  }
};

/** As many names as an axis of classes may have; two for one logit. Sizes that are not known fit anything. */
const fit = (names: readonly string[], model: ModelProto): boolean => {
  const sizes = sizesOf(model);
  const counted = sizes.length === 0 || sizes.includes(names.length) || (sizes.at(-1) === 1 && names.length === 2);
  return counted || isDetectorOf(names.length, model);
};

/** Known sizes, the first axis left out, of the first output of floats; none where an axis is free. */
const sizesOf = ({ graph }: ModelProto): readonly number[] => {
  const float = graph.output.find(({ type }) => FLOATS.includes(type?.tensorType?.elemType ?? 0));
  const shape = float?.type?.tensorType?.shape ?? [];
  const sizes = (shape.length > 1 ? shape.slice(1) : shape).map(({ value }) => value);
  return sizes.every((size) => size !== undefined && size > 0) ? (sizes as number[]) : [];
};

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];
