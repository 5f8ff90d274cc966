/** A folder of pictures: labels from subfolders, or from a table or JSON file beside the pictures. */
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fail, guessPreprocessor, maxOf, preprocess } from "@backlit/core";
import { dimsOf, modelInputs, pictureInput, shapeOf } from "../models/inputs.ts";
import { looksLike } from "../samples/looks-like.ts";
import { readPicture } from "backlit";
import { readInputFile } from "backlit";
import type { Bundle } from "../models/open.ts";
import type { DataItem, DataSet } from "./item.ts";
import { type FileLabel, labelsFile, readLabelFile } from "./labels.ts";

const PICTURE = /\.(png|jpe?g|webp|gif|avif|tiff?)$/i;

interface Found {
  /** Within the folder. */
  readonly file: string;
  readonly label?: string;
}

/** Whether a folder holds pictures, itself or one level down. */
export const findPictures = async (folder: string): Promise<readonly Found[]> => {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.filter(({ name }) => PICTURE.test(name)).map(({ name }): Found => ({ file: name }));
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  const inside = await Promise.all(
    folders.map(async ({ name }) =>
      (await readdir(join(folder, name)))
        .filter((file) => PICTURE.test(file))
        .sort()
        .map((file): Found => ({ file: `${name}/${file}`, label: name })),
    ),
  );
  return [...own, ...inTurn(inside)];
};

/** The first of each class, then the second of each: the first samples are of all classes. */
const inTurn = <T>(classes: readonly (readonly T[])[]): readonly T[] => {
  const most = maxOf(
    classes.map(({ length }) => length),
    0,
  );
  return Array.from({ length: most }, (_, i) => classes.flatMap((own) => (own[i] === undefined ? [] : [own[i]]))).flat();
};

/** Throws BadInput for a model that takes no pictures and for files that are none. */
export const pictureData = async (folder: string, found: readonly Found[], bundle: Bundle): Promise<DataSet> => {
  const input = pictureInput(bundle.model);
  if (input === undefined)
    throw fail("BadInput", {
      what: "the model takes no pictures",
      where: folder,
      why: `its input is ${modelInputs(bundle.model).map(shapeOf).join(", ")}`,
      fix: "give .npz, .csv or .parquet",
    });
  const preprocessor = bundle.preprocessor ?? guessPreprocessor(dimsOf(input), bundle.reading?.layout);
  const names = await readdir(folder);
  const labels = labelsFile(names);
  const written = labels === undefined ? new Map<string, FileLabel>() : await readLabelFile(join(folder, labels));
  checkNamed(written, found, labels === undefined ? folder : join(folder, labels));
  const hash = createHash("sha256");
  const items: DataItem[] = [];
  for (const { file, label } of found) {
    const path = join(folder, file);
    const bytes = await readInputFile(path);
    const looks = looksLike(bytes);
    if (looks.kind !== "picture")
      throw fail("BadInput", {
        what: "not a picture",
        where: path,
        why: `it looks like ${looks.as}`,
        fix: "take it out of the folder",
      });
    const beside = written.get(file) ?? written.get(basename(file));
    const own = { ...(label !== undefined && { label }), ...beside };
    hash.update(JSON.stringify([file, own])).update(bytes);
    items.push({
      name: file,
      ...own,
      load: async () => {
        const { tensor, geometry } = preprocess(await readPicture(path), preprocessor);
        return { feeds: { [input.name]: tensor }, geometry };
      },
    });
  }
  const { resize, crop } = preprocessor;
  const even = crop !== null || resize?.to === "size";
  return { items, sha256: hash.digest("hex"), even, preprocessor, notices: preprocessor.notices };
};

const checkNamed = (written: ReadonlyMap<string, FileLabel>, found: readonly Found[], path: string): void => {
  const there = new Set(found.flatMap(({ file }) => [file, basename(file)]));
  const missing = [...written.keys()].filter((file) => !there.has(file));
  if (written.size > 0 && missing.length === written.size)
    throw fail("BadInput", {
      what: "the labels are of other files",
      where: path,
      why: `none of ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? ", …" : ""} is in the folder`,
      fix: "name files as they are called there",
    });
};
