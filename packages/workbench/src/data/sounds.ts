/** A folder of WAV files. */
import { fail } from "@backlit/core";
import { type Files, inside, readInput } from "../host/files.ts";
import { hashing } from "../host/hash.ts";
import { soundSample } from "../kinds/sound/read.ts";
import { modelInputs } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import { type Found, labelsBeside } from "./found.ts";
import type { DataItem, DataSet } from "./item.ts";

/** Throws BadInput for files that cannot be read, and for a model that takes no sound like these. */
export const soundData = async (
  files: Files,
  folder: string,
  found: readonly Found[],
  { model, sound }: Bundle,
): Promise<DataSet> => {
  const [input] = modelInputs(model);
  if (input === undefined) throw fail("BadInput", { what: "the model takes no sounds", where: folder, why: "it has no inputs" });
  const beside = await labelsBeside(files, folder, found);
  const hash = await hashing();
  const notices = new Set<string>();
  const shapes = new Set<string>();
  const items: DataItem[] = [];
  for (const { file, label } of found) {
    const path = inside(folder, file);
    const fed = (bytes: Uint8Array, note: (text: string) => void) =>
      soundSample({ kind: "sound", bytes, name: path }, input, path, { sound, note });
    const bytes = await readInput(files, path);
    const own = { ...(label !== undefined && { label }), ...beside(file) };
    hash.update(JSON.stringify([file, own])).update(bytes);
    const { feeds } = fed(bytes, (text) => notices.add(text));
    shapes.add(feeds[input.name]!.dims.join());
    items.push({ name: file, ...own, load: async () => ({ feeds: fed(await readInput(files, path), () => {}).feeds }) });
  }
  return { items, sha256: hash.hex(), even: shapes.size === 1, notices: [...notices] };
};
