/** Files that were picked or dropped, or lie in memory. */
import { fail } from "@backlit/core";
import type { FileInfo, Files } from "@backlit/workbench";

/** A picked file, with the path it has in its folder. */
interface Picked extends Blob {
  readonly name?: string;
  readonly webkitRelativePath?: string;
}

/** By path, `/` between names; an iterable of `File`s takes their names, those of a picked folder their paths in it. */
export type FileSource = Iterable<Picked> | ReadonlyMap<string, Blob | Uint8Array> | Readonly<Record<string, Blob | Uint8Array>>;

/** Read when they are asked for, large ones piece by piece. */
export const filesOf = (source: FileSource): Files => {
  const blobs = new Map([...named(source)].map(([path, content]) => [plain(path), asBlob(content)]));
  const find = (path: string): Blob => {
    const blob = blobs.get(plain(path));
    if (blob !== undefined) return blob;
    throw fail("NotFound", { what: "no such file", where: path, fix: `there are ${[...blobs.keys()].slice(0, 5).join(", ")}` });
  };
  const info = (path: string): FileInfo | undefined => {
    const at = plain(path);
    const name = at.split("/").at(-1)!;
    const blob = blobs.get(at);
    if (blob) return { kind: "file", name, size: blob.size };
    return [...blobs.keys()].some((key) => at === "" || key.startsWith(`${at}/`)) ? { kind: "folder", name, size: 0 } : undefined;
  };
  return {
    info: async (path) => info(path),
    list: async (folder) => {
      const at = plain(folder);
      const below = [...blobs.keys()].filter((key) => at === "" || key.startsWith(`${at}/`));
      const names = new Set(below.map((key) => key.slice(at === "" ? 0 : at.length + 1).split("/")[0]!));
      return [...names].sort().map((name) => info(at === "" ? name : `${at}/${name}`)!);
    },
    read: async (path) => bytesOf(find(path)),
    slice: async (path, offset, length) => bytesOf(find(path).slice(offset, offset + length)),
  };
};

const bytesOf = async (blob: Blob): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());

const asBlob = (content: Blob | Uint8Array): Blob =>
  content instanceof Blob ? content : new Blob([content as Uint8Array<ArrayBuffer>]);

const named = (source: FileSource): Iterable<readonly [string, Blob | Uint8Array]> => {
  if (source instanceof Map) return source;
  if (!(Symbol.iterator in source)) return Object.entries(source);
  return [...(source as Iterable<Picked>)].map((file) => [file.webkitRelativePath || file.name || "file", file] as const);
};

/** `./a/../b//c` is `b/c`. */
const plain = (path: string): string => {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return names.join("/");
};
