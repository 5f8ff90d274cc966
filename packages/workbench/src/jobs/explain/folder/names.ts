/** Which files of a folder are explained, and what their maps are called. */
import { type Files, inside, stem } from "../../../host/files.ts";

/** Names of things that are no input, whatever a model takes. */
const LEFT_OUT = /^(\.|labels\.|masks?\.|README|LICENSE|Thumbs\.db$)/i;

/** Paths within the folder, sorted; `recursive`: of folders below too. */
export const filesIn = async (files: Files, folder: string, recursive: boolean): Promise<readonly string[]> => {
  const found: string[] = [];
  const look = async (below: string): Promise<void> => {
    for (const { kind, name } of await files.list(below === "" ? folder : inside(folder, below))) {
      if (LEFT_OUT.test(name)) continue;
      if (kind === "file") found.push(inside(below, name));
      else if (recursive) await look(inside(below, name));
    }
  };
  await look("");
  return found.sort();
};

/** A name without ending for each: that of the file, with its own ending where two would have the same. */
export const namesFor = (paths: readonly string[]): ReadonlyMap<string, string> => {
  const bare = (path: string) => `${path.slice(0, path.lastIndexOf("/") + 1)}${stem(path)}`;
  const folded = (path: string) => bare(path).toLowerCase(); // some disks tell no capitals
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(folded(path), (counts.get(folded(path)) ?? 0) + 1);
  return new Map(paths.map((path) => [path, counts.get(folded(path)) === 1 ? bare(path) : path]));
};
