/** What units come to, kept under their keys: JSON behind its SHA-256. What is damaged counts as missing and is made again. */
import type { KeptStore } from "@backlit/workbench";
import { type Objects, sha256Of } from "./objects.ts";

const unitName = (key: string): string => `units/${key.slice(0, 2)}/${key}.json`;

export const keptStore = (objects: Objects): KeptStore => {
  let hits = 0;
  return {
    get hits() {
      return hits;
    },
    get: async (key) => {
      const bytes = await objects.get(unitName(key));
      const value = bytes === undefined ? undefined : read(new TextDecoder().decode(bytes));
      if (value !== undefined) hits += 1;
      return value;
    },
    put: (key, value) => {
      const text = JSON.stringify(value);
      return objects.put(unitName(key), new TextEncoder().encode(`${sha256Of(text)}\n${text}\n`));
    },
  };
};

const read = (text: string): unknown => {
  const [sum, value, ...rest] = text.split("\n");
  return value !== undefined && rest.join("") === "" && sum === sha256Of(value) ? JSON.parse(value) : undefined;
};
