/** What is in a zip archive, as files. */
import { fail } from "@backlit/core";
import { unzipSync } from "fflate";

/** What archives may unpack to, in bytes. */
const MOST = 4e9;

/** Folders' own entries and what systems add are left out. Errors: BadFile. */
export const unzip = async ({ archive }: { readonly archive: File }): Promise<Readonly<Record<string, File>>> => {
  let size = 0;
  try {
    const files = unzipSync(new Uint8Array(await archive.arrayBuffer()), {
      filter: ({ name, originalSize }) => {
        if (name.endsWith("/") || /(^|\/)(__MACOSX|\.)/.test(name)) return false;
        size += originalSize;
        if (size > MOST) throw new Error("it unpacks to more than 4 GB");
        return true;
      },
    });
    const file = ([path, data]: [string, Uint8Array]) =>
      [path, new File([data as Uint8Array<ArrayBuffer>], path.split("/").at(-1)!)] as const;
    return Object.fromEntries(Object.entries(files).map(file));
  } catch (cause) {
    throw fail(
      "BadFile",
      { what: "not a zip archive that can be read", where: archive.name, why: (cause as Error).message },
      cause,
    );
  }
};
