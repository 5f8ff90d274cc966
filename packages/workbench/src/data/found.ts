/** Files of a folder as data: labels from subfolders, or from a table or JSON file beside them. */
import { fail, maxOf } from "@backlit/core";
import { baseName, type Files, inside } from "../host/files.ts";
import { type FileLabel, labelsFile, readLabelFile } from "./labels.ts";

export interface Found {
  /** Within the folder. */
  readonly file: string;
  readonly label?: string;
}

/** Files whose names match, in the folder itself or one level down, where the subfolder's name is the label. */
export const findFiles = async (files: Files, folder: string, like: RegExp): Promise<readonly Found[]> => {
  const entries = [...(await files.list(folder))].sort((a, b) => (a.name < b.name ? -1 : 1));
  const own = entries.filter(({ name }) => like.test(name)).map(({ name }): Found => ({ file: name }));
  const folders = entries.filter((entry) => entry.kind === "folder" && !entry.name.startsWith("."));
  const below = await Promise.all(
    folders.map(async ({ name }) =>
      (await files.list(inside(folder, name)))
        .map((entry) => entry.name)
        .filter((file) => like.test(file))
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

/** What a table or JSON file in the folder says of a file. Errors: BadInput for one that names none of the files. */
export const labelsBeside = async (files: Files, folder: string, found: readonly Found[]) => {
  const names = (await files.list(folder)).map(({ name }) => name);
  const labels = labelsFile(names);
  const written = labels === undefined ? new Map<string, FileLabel>() : await readLabelFile(files, inside(folder, labels));
  checkNamed(written, found, labels === undefined ? folder : inside(folder, labels));
  return (file: string): FileLabel | undefined => written.get(file) ?? written.get(baseName(file));
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
