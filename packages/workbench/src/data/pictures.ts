/** A folder of pictures: labels from subfolders, or from a table or JSON file beside the pictures. */
import { fail, maxOf, preprocess } from "@backlit/core";
import { baseName, type Files, inside, readInput } from "../host/files.ts";
import { hashing } from "../host/hash.ts";
import { modelInputs, pictureInput, shapeOf } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import type { Source } from "../samples/load-input.ts";
import { looksLike } from "../samples/looks-like.ts";
import { decodePicture, preprocessorOf } from "../samples/picture-file.ts";
import type { DataItem, DataSet } from "./item.ts";
import { type FileLabel, labelsFile, readLabelFile } from "./labels.ts";

const PICTURE = /\.(png|jpe?g|webp|gif|avif|tiff?|bmp)$/i;

interface Found {
  /** Within the folder. */
  readonly file: string;
  readonly label?: string;
}

/** Whether a folder holds pictures, itself or one level down. */
export const findPictures = async (files: Files, folder: string): Promise<readonly Found[]> => {
  const entries = [...(await files.list(folder))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.filter(({ name }) => PICTURE.test(name)).map(({ name }): Found => ({ file: name }));
  const folders = entries.filter((entry) => entry.kind === "folder" && !entry.name.startsWith("."));
  const below = await Promise.all(
    folders.map(async ({ name }) =>
      (await files.list(inside(folder, name)))
        .map((entry) => entry.name)
        .filter((file) => PICTURE.test(file))
        .sort()
        .map((file): Found => ({ file: `${name}/${file}`, label: name })),
    ),
  );
  return [...own, ...inTurn(below)];
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
export const pictureData = async (
  { files, pictures }: Source,
  folder: string,
  found: readonly Found[],
  bundle: Bundle,
): Promise<DataSet> => {
  const input = pictureInput(bundle.model);
  if (input === undefined)
    throw fail("BadInput", {
      what: "the model takes no pictures",
      where: folder,
      why: `its input is ${modelInputs(bundle.model).map(shapeOf).join(", ")}`,
      fix: "give .npz, .csv or .parquet",
    });
  const preprocessor = preprocessorOf(bundle)!;
  const names = (await files.list(folder)).map(({ name }) => name);
  const labels = labelsFile(names);
  const written = labels === undefined ? new Map<string, FileLabel>() : await readLabelFile(files, inside(folder, labels));
  checkNamed(written, found, labels === undefined ? folder : inside(folder, labels));
  const hash = await hashing();
  const items: DataItem[] = [];
  for (const { file, label } of found) {
    const path = inside(folder, file);
    const bytes = await readInput(files, path);
    const looks = looksLike(bytes);
    if (looks.kind !== "picture")
      throw fail("BadInput", {
        what: "not a picture",
        where: path,
        why: `it looks like ${looks.as}`,
        fix: "take it out of the folder",
      });
    const beside = written.get(file) ?? written.get(baseName(file));
    const own = { ...(label !== undefined && { label }), ...beside };
    hash.update(JSON.stringify([file, own])).update(bytes);
    items.push({
      name: file,
      ...own,
      load: async () => {
        const { tensor, geometry } = preprocess(
          await decodePicture(pictures, await readInput(files, path), { name: path }),
          preprocessor,
        );
        return { feeds: { [input.name]: tensor }, geometry };
      },
    });
  }
  const { resize, crop } = preprocessor;
  const even = crop !== null || resize?.to === "size";
  return { items, sha256: hash.hex(), even, preprocessor, notices: preprocessor.notices };
};

const checkNamed = (written: ReadonlyMap<string, FileLabel>, found: readonly Found[], path: string): void => {
  const there = new Set(found.flatMap(({ file }) => [file, baseName(file)]));
  const missing = [...written.keys()].filter((file) => !there.has(file));
  if (written.size > 0 && missing.length === written.size)
    throw fail("BadInput", {
      what: "the labels are of other files",
      where: path,
      why: `none of ${missing.slice(0, 3).join(", ")}${missing.length > 3 ? ", …" : ""} is in the folder`,
      fix: "name files as they are called there",
    });
};
