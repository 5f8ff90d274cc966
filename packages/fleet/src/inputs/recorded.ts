/** A host that writes down which files are looked at, so that they can go where workers are. */
import { posix } from "node:path";
import type { Host } from "@backlit/workbench";

export interface Seen {
  /** Absolute paths of files, and names of bundled models with their folders. */
  readonly files: ReadonlySet<string>;
  readonly bundled: ReadonlyMap<string, string>;
}

/** Links are not followed to other names and runtimes get bytes, not paths: the work is done as a worker does it. */
export const recorded = (host: Host, cwd: string): { readonly host: Host; readonly seen: Seen } => {
  const files = new Set<string>();
  const bundled = new Map<string, string>();
  const saw = (path: string) => void files.add(posix.resolve(cwd, path));
  const { list, read, slice, sha256, info } = host.files;
  return {
    seen: { files, bundled },
    host: {
      ...host,
      files: {
        list,
        info: async (path) => {
          const found = await info(path);
          if (found?.kind === "file" && path !== "-") saw(path);
          return found;
        },
        read: (path) => {
          saw(path);
          return read(path);
        },
        slice: (path, offset, length) => {
          saw(path);
          return slice(path, offset, length);
        },
        ...(sha256 && {
          sha256: (path: string) => {
            saw(path);
            return sha256(path);
          },
        }),
      },
      ...(host.bundled && {
        bundled: {
          names: host.bundled.names,
          folder: (name: string) => {
            const folder = host.bundled!.folder(name);
            bundled.set(name, posix.resolve(cwd, folder));
            return folder;
          },
        },
      }),
    },
  };
};
