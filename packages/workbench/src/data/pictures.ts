/** A folder of pictures: labels from subfolders, or from a table or JSON file beside the pictures. */
import { fail, preprocess } from "@backlit/core";
import { type Files, inside, readInput } from "../host/files.ts";
import { hashing } from "../host/hash.ts";
import { decodePicture } from "../kinds/decode-picture.ts";
import type { Source } from "../kinds/kind.ts";
import { looksLike } from "../kinds/looks-like.ts";
import { preprocessorOf } from "../kinds/picture/preprocessor.ts";
import { modelInputs, pictureInput, shapeOf } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { type Found, findFiles, labelsBeside } from "./found.ts";
import type { DataItem, DataSet } from "./item.ts";

const PICTURE = /\.(png|jpe?g|webp|gif|avif|tiff?|bmp)$/i;

/** Whether a folder holds pictures, itself or one level down. */
export const findPictures = (files: Files, folder: string): Promise<readonly Found[]> => findFiles(files, folder, PICTURE);

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
  const beside = await labelsBeside(files, folder, found);
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
    const own = { ...(label !== undefined && { label }), ...beside(file) };
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
