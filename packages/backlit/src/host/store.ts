/** Finished units of work in a folder, one file each, written whole or not at all. A damaged file counts as missing. */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "@backlit/core";
import { writeFiles } from "./write-files.ts";

export interface FolderStore extends Store {
  /** Units that were there already. */
  readonly hits: number;
}

/** A file holds the SHA-256 of its second line, and the second line: the value as JSON. */
export const folderStore = (folder: string): FolderStore => {
  let hits = 0;
  const places = new Map<string, Promise<unknown>>();
  const inside = (key: string) => join(folder, key.slice(0, 2));
  return {
    get hits() {
      return hits;
    },
    get: async (key) => {
      const text = await readFile(join(inside(key), `${key}.json`), "utf8").catch(() => undefined);
      const value = text === undefined ? undefined : read(text);
      if (value !== undefined) hits += 1;
      return value;
    },
    put: async (key, value) => {
      const place = inside(key);
      if (!places.has(place)) places.set(place, mkdir(place, { recursive: true }));
      await places.get(place);
      const json = JSON.stringify(value);
      const text = `${sumOf(json)}\n${json}\n`;
      await writeFiles([{ path: join(place, `${key}.json`), chunks: [new TextEncoder().encode(text)] }]);
    },
  };
};

const read = (text: string): unknown => {
  const [sum, json, ...rest] = text.split("\n");
  return json !== undefined && rest.join("") === "" && sum === sumOf(json) ? JSON.parse(json) : undefined;
};

const sumOf = (json: string): string => createHash("sha256").update(json).digest("hex");
