/** A host as requests may use it: of files the model's own folder, pictures up to a size, no store. */
import { fail } from "@backlit/core";
import type { Files, Host } from "@backlit/workbench";

/** What a request sends lies over these files under names of its own; whatever it says, no other file of the machine is opened. */
export const fenced = (host: Host, folder: string, pixels: number): Host => {
  const { files, pictures, runtimes, limited } = host;
  // A model that lies where paths begin has the empty folder: what is absolute, or standard input, is not in it.
  const below = (path: string) => (folder === "" ? !/^([\\/]|[A-Za-z]:|-$)/.test(path) : path.startsWith(`${folder}/`));
  const open = (path: string): boolean => below(path) && !path.split(/[\\/]/).includes("..");
  const refuse = (path: string) => fail("NotFound", { what: "no such file", where: path });
  const guarded: Files = {
    ...files,
    info: async (path) => (open(path) ? files.info(path) : undefined),
    list: async (path) => {
      if (path === folder || open(path)) return files.list(path);
      throw refuse(path);
    },
    read: async (path) => {
      if (open(path)) return files.read(path);
      throw refuse(path);
    },
    slice: async (path, offset, length) => {
      if (open(path)) return files.slice(path, offset, length);
      throw refuse(path);
    },
  };
  return {
    files: guarded,
    runtimes,
    ...(limited && { limited }),
    pictures: {
      ...pictures,
      decode: (bytes, options) => pictures.decode(bytes, { ...options, maxPixels: Math.min(pixels, options.maxPixels) }),
    },
  };
};
