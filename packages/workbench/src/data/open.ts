/** DATA of `backlit evaluate`: what it is follows from the file and the model. */
import { fail } from "@backlit/core";
import type { InputHost } from "../inputs/read.ts";
import type { Bundle } from "../models/open.ts";
import { arrayData, readArrays } from "./arrays.ts";
import { findFiles } from "./found.ts";
import type { DataSet } from "./item.ts";
import { findPictures, pictureData } from "./pictures.ts";
import { isTable, tableData } from "./tables.ts";

/** `label`: the column of a table that holds the labels. Errors: NotFound, BadInput, Usage. */
export const openData = async (host: InputHost, path: string, bundle: Bundle, label?: string): Promise<DataSet> => {
  const info = await host.files.info(path);
  if (info === undefined) throw fail("NotFound", { what: "no such data", where: path, fix: "check the path" });
  if (info.kind === "folder") return folderData(host, path, bundle);
  if (isTable(path)) return tableData(host, path, bundle, label);
  return arrayData(await readArrays(host, path, bundle.allowed.npz), path, bundle);
};

const folderData = async (host: InputHost, path: string, bundle: Bundle): Promise<DataSet> => {
  const pictures = await findPictures(host.files, path);
  if (pictures.length > 0) return pictureData(host, path, pictures, bundle);
  const sounds = await findFiles(host.files, path, /\.wav$/i);
  if (sounds.length > 0) return (await import("./sounds.ts")).soundData(host.files, path, sounds, bundle);
  const arrays = await readArrays(host, path, bundle.allowed.npz);
  if (arrays.size > 0) return arrayData(arrays, path, bundle);
  throw fail("NotFound", {
    what: "no pictures, sounds or arrays in the folder",
    where: path,
    fix: "put pictures or WAV files there, in a subfolder for each class if you like, or images.npy and labels.npy",
  });
};
