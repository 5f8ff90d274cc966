/** `--references`: reference inputs from an array of them, or from a folder of pictures. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail, type Tensor, toFloat32 } from "@backlit/core";
import { concatenate } from "../samples/feeds.ts";
import { modelInputs } from "../models/inputs.ts";
import { loadInput } from "backlit";
import type { Bundle } from "../models/open.ts";
import { readSamples } from "../samples/read.ts";

const PICTURE = /\.(png|jpe?g|webp|gif|avif|tiff?)$/i;

/** Float32 [M, …], as the explained value takes them. Throws NotFound and BadInput. */
export const readReferences = async (path: string, bundle: Bundle, explained: readonly string[]): Promise<Tensor> => {
  const [value, ...others] = explained;
  if (others.length > 0)
    throw fail("Usage", { what: `--references for ${explained.join(", ")}`, fix: "name one input with --explain" });
  // An inner value (an embedding) has no preprocessing.
  if (!modelInputs(bundle.model).some(({ name }) => name === value)) return arrayOf(path);
  const folder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  const files = folder ? await picturesIn(path) : [path];
  const { samples } = await readSamples(bundle, files, {});
  return toFloat32(concatenate(samples.map(({ feeds }) => feeds[value!]!)));
};

const arrayOf = async (path: string): Promise<Tensor> => {
  const loaded = await loadInput(path, {});
  if (loaded.kind === "tensor") return toFloat32(loaded.tensor);
  throw fail("BadInput", {
    what: "references are no array",
    where: path,
    fix: "give an .npy file, the references along its first axis",
  });
};

const picturesIn = async (folder: string): Promise<readonly string[]> => {
  const names = (await readdir(folder)).filter((name) => PICTURE.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(folder, name));
  throw fail("NotFound", { what: "no pictures", where: folder, fix: "put PNG, JPEG, WebP, GIF, AVIF or TIFF files there" });
};
