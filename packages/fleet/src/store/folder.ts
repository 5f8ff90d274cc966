/** A folder that all machines see, e.g. over NFS. What a killed process left half written lies in `tmp/`, which nobody reads. */
import { randomBytes } from "node:crypto";
import { access, link, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "@backlit/core";
import type { Objects } from "./objects.ts";

export const folderObjects = (folder: string): Objects => {
  const path = (name: string) => join(folder, ...name.split("/"));
  /** Under a name of its own first: nobody reads half a file, and a full disk leaves none. */
  const written = async (name: string, bytes: Uint8Array, publish: (from: string, to: string) => Promise<void>) => {
    const to = path(name);
    const from = join(folder, "tmp", `${process.pid}-${randomBytes(8).toString("hex")}`);
    try {
      await mkdir(dirname(from), { recursive: true });
      await mkdir(dirname(to), { recursive: true });
      const file = await open(from, "wx");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await publish(from, to);
    } catch (error) {
      await unlink(from).catch(() => {});
      throw error;
    }
  };
  return {
    place: folder,
    get: async (name) => {
      try {
        return await readFile(path(name));
      } catch (error) {
        if (codeOf(error) === "ENOENT") return undefined;
        throw unreachable(folder, error);
      }
    },
    put: (name, bytes) =>
      written(name, bytes, rename).catch((error) => {
        throw unreachable(folder, error);
      }),
    create: async (name, bytes) => {
      try {
        await written(name, bytes, async (from, to) => {
          await link(from, to); // fails where it is there, as rename does not
          await unlink(from);
        });
        return true;
      } catch (error) {
        if (codeOf(error) === "EEXIST") return false;
        throw unreachable(folder, error);
      }
    },
    has: (name) =>
      access(path(name)).then(
        () => true,
        () => false,
      ),
  };
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

const WHY: Readonly<Record<string, string>> = { ENOSPC: "the disk is full", EACCES: "no permission", EROFS: "it is read-only" };

const unreachable = (folder: string, error: unknown) =>
  fail("Store", { what: "the store does not answer", where: folder, why: WHY[codeOf(error) ?? ""] ?? String(error) }, error);
