/** Reference inputs from an array of them, or from a folder of pictures. */
import { fail, type References, type Tensor, toFloat32 } from "@backlit/core";
import { inside } from "../host/files.ts";
import { type InputHost, readSamples } from "../inputs/read.ts";
import type { Source } from "../kinds/kind.ts";
import { loadInput } from "../kinds/load-input.ts";
import { modelInputs } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { concatenate } from "../samples/feeds.ts";

const PICTURE = /\.(png|jpe?g|webp|gif|avif|tiff?|bmp)$/i;

/**
 * Float32 [M, …], as the explained value takes them; of several inputs rows of all of them laid end to end. Rows of a table that the
 * model encodes: all its inputs by name. Throws NotFound and BadInput.
 */
export const readReferences = async (
  host: InputHost,
  path: string,
  bundle: Bundle,
  explained: readonly string[],
): Promise<References> => {
  const [value, ...others] = explained;
  const inputs = modelInputs(bundle.model).map(({ name }) => name);
  const plain = others.length === 0 && inputs.includes(value!);
  if (!plain && /\.csv$/i.test(path)) {
    const { samples } = await readSamples(host, bundle, [path], {});
    return Object.fromEntries(inputs.map((name) => [name, concatenate(samples.map(({ feeds }) => feeds[name]!))]));
  }
  // An inner value (an embedding) has no preprocessing.
  if (!plain) return arrayOf(host, path);
  const folder = (await host.files.info(path))?.kind === "folder";
  const files = folder ? await picturesIn(host, path) : [path];
  const { samples } = await readSamples(host, bundle, files, {});
  return toFloat32(concatenate(samples.map(({ feeds }) => feeds[value!]!)));
};

const arrayOf = async (source: Source, path: string): Promise<Tensor> => {
  const loaded = await loadInput(source, path, {});
  if (loaded.kind === "tensor") return toFloat32(loaded.tensor);
  throw fail("BadInput", {
    what: "references are no array",
    where: path,
    fix: "give an .npy file, the references along its first axis",
  });
};

const picturesIn = async ({ files }: Source, folder: string): Promise<readonly string[]> => {
  const names = (await files.list(folder)).map(({ name }) => name).filter((name) => PICTURE.test(name));
  if (names.length > 0) return names.map((name) => inside(folder, name));
  throw fail("NotFound", { what: "no pictures", where: folder, fix: "put PNG, JPEG, WebP, GIF, AVIF or TIFF files there" });
};
