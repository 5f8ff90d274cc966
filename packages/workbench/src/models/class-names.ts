/** Class names of a model: from --labels, labels.json or labels.txt beside it, config.json, or its own file. */
import {
  type BacklitError,
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
  /** labels.json or labels.txt has names for another number of classes: an error where nobody says other names. */
  readonly misnamed?: BacklitError | undefined;
}

/**
 * The first that fits the model's outputs, and the next one as synonyms. A list of names that does not fit is kept as the error it is;
 * a config.json that does not, which may say more than names, is left aside with a notice.
 */
export const readClassNames = async (
  files: Files,
  dir: string,
  model: ModelProto,
  note: (text: string) => void,
): Promise<NamedClasses> => {
  const read = (file: string) => readNames(files, inside(dir, file), note);
  let misnamed: BacklitError | undefined;
  const beside: ClassNames[] = [];
  for (const file of ["labels.json", "labels.txt", "config.json"]) {
    const found = await read(file);
    if (found === undefined) continue;
    const { names } = found;
    if (fit(names, model)) beside.push(namesByColumn(found, model));
    else if (file === "config.json")
      note(`${names.length} class names for ${classesOf(model)} classes: the names are left aside`);
    else misnamed ??= wrongCount(names.length, inside(dir, file), model);
  }
  const own = classNamesIn(model);
  const [labels, synonyms] = own && fit(own.names, model) ? [...beside, own] : beside;
  return {
    ...(misnamed && { misnamed }),
    ...(labels && { labels: labels.names, labelsWhy: labels.why }),
    ...(synonyms && { synonyms: synonyms.names }),
  };
};

/** With the names that are said, a list or a file of them; with nothing said those beside the model have to fit. Errors: NotFound, BadInput. */
export const withLabels = async <B extends NamedClasses & { readonly model: ModelProto }>(
  bundle: B,
  files: Files,
  said: string | readonly string[] | undefined,
): Promise<B> => {
  if (said !== undefined) {
    const names = typeof said === "string" ? await labelsFrom(files, said) : said;
    return { ...bundle, ...checked(names, typeof said === "string" ? said : "labels", bundle.model), misnamed: undefined };
  }
  if (bundle.misnamed) throw bundle.misnamed;
  return bundle;
};

/** JSON as in labels.json, or a name a line. Throws NotFound and BadInput. */
const labelsFrom = async (files: Files, file: string): Promise<readonly string[]> => {
  const text = await textOf(files, file, "cannot read the class names");
  let labels: readonly string[] | undefined;
  try {
    labels = namesIn(text, file);
  } catch (cause) {
    throw fail("BadInput", { what: "the class names cannot be read", where: file, why: (cause as Error).message }, cause);
  }
  if (labels === undefined || labels.length === 0)
    throw fail("BadInput", { what: "no class names", where: file, fix: "give a list of names as JSON, or one a line" });
  return labels;
};

const checked = (said: readonly string[], where: string, model: ModelProto): NamedClasses => {
  if (!fit(said, model)) throw wrongCount(said.length, where, model);
  const { names, why } = namesByColumn({ names: said, why: `${where} names them` }, model);
  return { labels: names, labelsWhy: why };
};

const wrongCount = (names: number, where: string, model: ModelProto): BacklitError =>
  fail("BadInput", {
    what: `${names} class names`,
    where,
    why: `the model has ${classesOf(model)} classes`,
    fix: "give one name for each class, in their order",
  });

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
const fit = ({ length }: readonly string[], model: ModelProto): boolean => {
  const outputs = sizesOf(model);
  const counted = outputs.some((sizes) => sizes.length === 0 || sizes.includes(length) || (sizes.at(-1) === 1 && length === 2));
  return outputs.length === 0 || counted || isDetectorOf(length, model);
};

const classesOf = (model: ModelProto): number => sizesOf(model)[0]!.at(-1)!;

/** Known sizes, the first axis left out, of each output of floats; none where an axis is free. */
const sizesOf = ({ graph }: ModelProto): readonly (readonly number[])[] =>
  graph.output
    .filter(({ type }) => FLOATS.includes(type?.tensorType?.elemType ?? 0))
    .map(({ type }) => {
      const shape = type?.tensorType?.shape ?? [];
      const sizes = (shape.length > 1 ? shape.slice(1) : shape).map(({ value }) => value);
      return sizes.every((size) => size !== undefined && size > 0) ? (sizes as number[]) : [];
    });

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];
