/** DATA of `backlit evaluate`: what it is follows from the file and the model. */
import { stat } from "node:fs/promises";
import { fail } from "@backlit/core";
import type { Bundle } from "../models/open.ts";
import { arrayData, readArrays } from "./arrays.ts";
import type { DataSet } from "./item.ts";
import { findPictures, pictureData } from "./pictures.ts";
import { isTable, tableData } from "./tables.ts";

/** `label`: the column of a table that holds the labels. Errors: NotFound, BadInput, Usage. */
export const openData = async (path: string, bundle: Bundle, label?: string): Promise<DataSet> => {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw fail("NotFound", { what: "no such data", where: path, fix: "check the path" });
  if (info.isDirectory()) return folderData(path, bundle);
  return isTable(path) ? tableData(path, bundle, label) : arrayData(await readArrays(path, bundle.allowed.npz), path, bundle);
};

const folderData = async (path: string, bundle: Bundle): Promise<DataSet> => {
  const pictures = await findPictures(path);
  if (pictures.length > 0) return pictureData(path, pictures, bundle);
  const arrays = await readArrays(path, bundle.allowed.npz);
  if (arrays.size > 0) return arrayData(arrays, path, bundle);
  throw fail("NotFound", {
    what: "no pictures or arrays in the folder",
    where: path,
    fix: "put pictures there, in a subfolder for each class if you like, or images.npy and labels.npy",
  });
};
