/** backlit explain MODEL FOLDER --out FOLDER: a map of every file. */
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, type Look } from "@backlit/core";
import { explainFolder, type FolderResult, type OutputFile } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { openFolder, writeFiles } from "../host/write-files.ts";
import type { Io } from "../io.ts";
import { type ChoiceOptions, requestOf } from "../options/choices.ts";
import { lookSaid } from "../options/look-options.ts";
import { working } from "./command.ts";

interface FolderOptions extends ChoiceOptions, Look {
  readonly out?: string;
  readonly recursive?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface FolderCall {
  readonly model: string;
  readonly folder: string;
  readonly options: FolderOptions;
}

/** Files of single inputs: a folder has its own. */
const OF_ONE = [
  "relevance",
  "heatmap",
  "report",
  "spread",
  "frames",
  "ledger",
  "ordinary",
  "input",
  "textPair",
  "bytes",
] as const;

export const isFolder = async ([first, ...others]: readonly string[]): Promise<boolean> =>
  first !== undefined && others.length === 0 && ((await stat(first).catch(() => undefined))?.isDirectory() ?? false);

/** Exit code 1 where files were skipped. */
export const explainFolderIn = ({ model, folder, options }: FolderCall, io: Io, exit: (code: number) => void): Promise<void> =>
  working(io, options, async (voice, context) => {
    const { out, recursive, json, quiet } = options;
    if (out === undefined)
      throw fail("Usage", { what: "a folder as INPUT", where: folder, fix: "--out FOLDER says where the maps go" });
    const stray = OF_ONE.find((option) => (options as Readonly<Record<string, unknown>>)[option] !== undefined);
    if (stray !== undefined)
      throw fail("Usage", {
        what: `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} with a folder`,
        fix: "leave it out: every file has its map in --out",
      });
    await openFolder(out);
    const look = lookSaid(options);
    const request = { ...(await requestOf(model, options, context)), ...(Object.keys(look).length > 0 && { look }) };
    const write = async (files: readonly OutputFile[]) => {
      for (const { path } of files) await mkdir(dirname(path), { recursive: true });
      await writeFiles(files);
    };
    const result = await explainFolder({ ...request, folder, out, ...(recursive && { recursive }) }, context, write);
    voice.tell();
    if (json) sayJson(io, { ...result, notices: voice.notices });
    else if (!quiet) say(io, result, (shown) => report(shown, join(out, "index.html")));
    if (Object.keys(result.skipped).length > 0) exit(1);
  });

const report = ({ done, before, skipped }: FolderResult, index: string): string => {
  const lost = Object.entries(skipped);
  const files = Object.keys(done).length;
  return [
    `${files} ${files === 1 ? "file" : "files"} explained${before > 0 ? `, ${before} of them before` : ""}: ${index}`,
    ...(lost.length > 0 ? [`${lost.length} skipped:`, ...lost.map(([file, why]) => `  ${file}: ${why}`)] : []),
    "",
  ].join("\n");
};
