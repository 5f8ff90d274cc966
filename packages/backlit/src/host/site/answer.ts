/** Files of a folder as answers of a server that has other doors too. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HEADERS, placeOf, typeOf } from "./place.ts";

/** Undefined for an address that no file has. */
export const siteIn =
  (folder: string) =>
  async (path: string): Promise<Response | undefined> => {
    const place = placeOf(path);
    const bytes = place === undefined ? undefined : await readFile(join(folder, place)).catch(() => undefined);
    if (bytes === undefined) return undefined;
    return new Response(new Uint8Array(bytes), { headers: { ...HEADERS, "content-type": typeOf(place!) } });
  };
