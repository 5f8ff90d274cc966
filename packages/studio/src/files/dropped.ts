/** Files that were dropped or picked: a model with what lies beside it, and an input. */
import type { InputSource, ModelSource } from "../worker/messages.ts";

export interface Dropped {
  readonly model?: ModelSource;
  /** Of several the first is explained. */
  readonly inputs: readonly InputSource[];
  /** Names of the classes, for the model that is open. */
  readonly labels?: File;
}

let models = 0;

/** An `.onnx` file among them makes all that is no picture, array or table part of the model; without one all are inputs. */
export const sorted = (files: Readonly<Record<string, File>>): Dropped => {
  const paths = Object.keys(files);
  const own = paths.some((path) => /\.onnx$/i.test(path));
  const labels = files[paths.find((path) => NAMES.test(path)) ?? ""];
  if (!own && labels && paths.every((path) => NAMES.test(path))) return { inputs: [], labels };
  const given = own ? paths.filter((path) => INPUT.test(path) && !LISTS.test(path) && !NAMES.test(path)) : paths;
  const beside = paths.filter((path) => !given.includes(path));
  return {
    ...(own && {
      model: {
        key: `dropped ${models++}`,
        files: plain(Object.fromEntries(beside.map((path) => [path, files[path]!]))),
        ...(labels && { labels }),
      },
    }),
    inputs: given.map((path) => ({ name: files[path]!.name, blob: files[path]! })),
  };
};

/** Lists of classes, whatever else their file's name says: imagenet_classes.txt. */
const NAMES = /(^|[/_.\- ])(labels|classes|class[_-]?names|names)([_.\- ][^/]*)?\.(txt|json)$/i;

/** Texts that belong to models. */
const LISTS = /(^|\/)(vocab|merges)[^/]*\.txt$/i;

const INPUT = /\.(png|jpe?g|webp|gif|avif|tiff?|npy|npz|csv|txt)$/i;

/** Without the folder all of them lie in. */
const plain = (files: Readonly<Record<string, File>>): Readonly<Record<string, File>> => {
  const paths = Object.keys(files);
  const [first = ""] = paths;
  const folder = first.slice(0, first.indexOf("/") + 1);
  if (folder === "" || !paths.every((path) => path.startsWith(folder))) return files;
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path.slice(folder.length), file]));
};

/** Of an input element: picked folders have paths. */
export const picked = (list: FileList | null): Readonly<Record<string, File>> =>
  Object.fromEntries([...(list ?? [])].map((file) => [file.webkitRelativePath || file.name, file]));

/** Of a drop: folders are read with all that lies in them. */
export const droppedFiles = async ({ items }: DataTransfer): Promise<Readonly<Record<string, File>>> => {
  // All at once: a drop's items are gone after its event. What was made by a program has no entry.
  const all = [...items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found = all.map(async ({ entry, file }): Promise<readonly (readonly [string, File])[]> => {
    if (entry) return within(entry);
    return file ? [[file.name, file]] : [];
  });
  return Object.fromEntries((await Promise.all(found)).flat());
};

const within = async (entry: FileSystemEntry): Promise<readonly (readonly [string, File])[]> => {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => (entry as FileSystemFileEntry).file(done, failed));
    return [[entry.fullPath.slice(1), file]];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  let inner: FileSystemEntry[] = [];
  const some = () => new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
  // A browser gives a folder's entries a hundred at a time.
  for (let next = await some(); next.length > 0; next = await some()) inner = [...inner, ...next];
  return (await Promise.all(inner.map(within))).flat();
};
