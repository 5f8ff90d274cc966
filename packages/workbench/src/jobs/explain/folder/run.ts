/** `explain` for a folder of files: a map each, in a folder of maps. */
import { canonicalJson, fail, isBacklitError, sha256 } from "@backlit/core";
import { baseName, inside } from "../../../host/files.ts";
import { modelInputs } from "../../../models/inputs.ts";
import { titleOf } from "../../../rows/top.ts";
import { completed } from "../../../samples/complete.ts";
import { readSamples } from "../../../samples/read.ts";
import { viewOf } from "../../../views/index.ts";
import type { OutputFile } from "../../output.ts";
import { type Prepared, prepare } from "../../prepare.ts";
import type { JobContext } from "../../request.ts";
import { explainFiles, heatmapsOf } from "../files.ts";
import { contextOf } from "../page.ts";
import type { ExplainRequest, ExplainResult } from "../result.ts";
import { explainPrepared } from "../run.ts";
import { filesIn, namesFor } from "./names.ts";
import { folderPage } from "./page.ts";
import { type FolderState, stateFile, stateIn } from "./state.ts";

export interface FolderRequest extends Omit<ExplainRequest, "inputs"> {
  readonly folder: string;
  /** The folder of the maps. What was made there before by the same request is not made again. */
  readonly out: string;
  /** Folders below too. */
  readonly recursive?: boolean;
}

export interface FolderResult extends FolderState {
  readonly v: 1;
  /** Files that were done before. */
  readonly before: number;
}

/**
 * `write` stores files and makes folders they need. Files that cannot be read are skipped, with the reason. Errors: NotFound for a folder
 * without files; Usage for maps of another request; those of the model and the method.
 */
export const explainFolder = async (
  request: FolderRequest,
  context: JobContext,
  write: (files: readonly OutputFile[]) => Promise<void>,
): Promise<FolderResult> => {
  const { folder, out, recursive = false, ...asking } = request;
  const { host, listener, signal } = context;
  const paths = await filesIn(host.files, folder, recursive);
  if (paths.length === 0)
    throw fail("NotFound", {
      what: "no files in the folder",
      where: folder,
      fix: recursive ? "put some there" : "--recursive looks below",
    });
  const names = namesFor(paths);
  const opened = await openFirst(asking, folder, paths, context);
  await using lit = opened.lit;
  const asked = await sha256(canonicalJson({ ...asking, model: await lit.identity } as never));
  const kept = await stateIn(context, out, asked);
  const done: Record<string, FolderState["done"][string]> = { ...kept?.done };
  const skipped: Record<string, string> = {};
  const before = Object.keys(done).length;
  for (const [i, path] of paths.entries()) {
    if (done[path] !== undefined) continue;
    signal?.throwIfAborted();
    listener.working(`${i + 1} of ${paths.length}: ${path}`);
    const read = await samplesIn(opened, inside(folder, path), context).catch(asReason);
    if (typeof read === "string") skipped[path] = read;
    else {
      const result = await explainPrepared({ ...opened, samples: read }, { ...asking, inputs: [inside(folder, path)] }, context);
      const name = `${names.get(path)}${endingOf(result)}`;
      await write(explainFiles(result, { heatmap: inside(out, name) }));
      const maps = heatmapsOf(name, result);
      const [best] = result.rows[0]!.top;
      done[path] = { maps, top: best === undefined ? "" : titleOf(best) };
    }
    await write([stateFile(out, { asked, done, skipped })]);
  }
  const state = { asked, done, skipped };
  const title = `What ${opened.bundle.name} looked at in ${baseName(folder)}`;
  await write([stateFile(out, state), { path: inside(out, "index.html"), chunks: [folderPage(title, state)] }]);
  return { v: 1, ...state, before };
};

/** With the first file that can be read, for its sizes. */
const openFirst = async (
  request: ExplainRequest,
  folder: string,
  paths: readonly string[],
  context: JobContext,
): Promise<Prepared> => {
  const reasons: string[] = [];
  for (const path of paths) {
    try {
      return await prepare({ ...request, inputs: [inside(folder, path)] }, context, { complete: true });
    } catch (error) {
      reasons.push(asReason(error));
    }
  }
  throw fail("BadInput", { what: "none of the files can be read", where: folder, why: reasons[0] });
};

const samplesIn = async ({ bundle }: Prepared, path: string, { host, listener }: JobContext): Promise<Prepared["samples"]> => {
  const { samples } = await readSamples(host, bundle, [path], {});
  return completed(samples, modelInputs(bundle.model), listener.note);
};

/** What is wrong with a file; everything else ends the work. */
const asReason = (error: unknown): string => {
  if (isBacklitError(error, "BadInput") || isBacklitError(error, "NotFound")) return error.message;
  throw error;
};

const endingOf = (result: ExplainResult): string => {
  const [row] = result.rows;
  return viewOf(row!, row!.maps[0]!, contextOf(result)).raster ? ".png" : ".html";
};
