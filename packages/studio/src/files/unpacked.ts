/** Files of a zip archive. */
import type { Client } from "../client/client.ts";

/** Archives among the files are replaced by what is in them. `.npz` are arrays. Errors: Trouble. */
export const unpacked = async (
  files: Readonly<Record<string, File>>,
  client: Client,
): Promise<Readonly<Record<string, File>>> => {
  const all: Record<string, File> = {};
  for (const [path, file] of Object.entries(files)) {
    if (!/\.zip$/i.test(path)) all[path] = file;
    else Object.assign(all, await client.ask("unzip", { archive: file }));
  }
  return all;
};
