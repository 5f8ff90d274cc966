/** `explain` for a folder of files: a map each, in a folder of maps. */
import { canonicalJson, fail, isBacklitError, runtimeKey, sha256, VERSION } from "@backlit/core";
import { baseName, inside } from "../../../host/files.ts";
import { hashOfFile } from "../../../host/hash.ts";
import { completed } from "../../../inputs/complete.ts";
import { readSamples } from "../../../inputs/read.ts";
import { viewOf } from "../../../kinds/view-of.ts";
import { modelInputs } from "../../../models/inputs.ts";
import { leftOut } from "../../../rows/one-by-one.ts";
import { togetherOf } from "../../../rows/together.ts";
import { titleOf } from "../../../rows/top.ts";
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

type Asking = Omit<FolderRequest, "folder" | "out" | "recursive">;

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
  const { out } = request;
  const { listener, signal } = context;
  await using opened = await openExplainedFolder(request, context);
  const { paths, asked } = opened;
  const earlier = await stateIn(context, out, asked);
  const done: Record<string, FolderState["done"][string]> = { ...earlier?.done };
  const skipped: Record<string, string> = {};
  const before = Object.keys(done).length;
  const groups = groupsOf(
    paths.filter((path) => done[path] === undefined),
    opened.together,
  );
  const kept = async ({ found, lost }: Explained) => {
    Object.assign(skipped, lost);
    for (const [path, result] of found) {
      const { files, ...entry } = await opened.drawn(path, result);
      await write(files.map((file) => ({ ...file, path: inside(out, file.path) })));
      done[path] = entry;
    }
    await write([stateFile(out, { asked, done, skipped })]);
  };
  // While the model runs on some files, the ones before are drawn and the next ones are decoded.
  let [next, made]: [ReturnType<typeof opened.read>, Explained | undefined] = [opened.read(groups[0] ?? []), undefined];
  for (const [i, group] of groups.entries()) {
    signal?.throwIfAborted();
    listener.working(`${paths.indexOf(group[0]!) + 1} of ${paths.length}: ${group[0]}`);
    const read = await next;
    next = opened.read(groups[i + 1] ?? []);
    const running = opened.explain(read);
    await Promise.all([running, next, made && kept(made)]);
    made = await running;
  }
  if (made) await kept(made);
  const state = { asked, done, skipped };
  await write([stateFile(out, state), { path: inside(out, "index.html"), chunks: [folderPage(opened.title, state)] }]);
  return { v: 1, ...state, before };
};

export interface ExplainedFolder extends AsyncDisposable {
  /** Within the folder, sorted. */
  readonly paths: readonly string[];
  /** Hash of what is asked. */
  readonly asked: string;
  readonly title: string;
  /** Made of all that determines the maps of one of the paths. */
  key(path: string): Promise<string>;
  /** How many paths run together. */
  readonly together: number;
  /** Some of the paths, decoded. */
  read(paths: readonly string[]): Promise<Read>;
  explain(read: Read): Promise<Explained>;
  /** The maps of a path, by names within the folder of maps. */
  drawn(path: string, result: ExplainResult): Promise<FolderState["done"][string] & { readonly files: readonly OutputFile[] }>;
}

/** A folder and the model that explains its files, some at a time in any order. Errors: as of `explainFolder`. */
export const openExplainedFolder = async (request: Omit<FolderRequest, "out">, context: JobContext): Promise<ExplainedFolder> => {
  const { folder, recursive = false, out: _, store: __, ...asking } = request as FolderRequest & { readonly store?: string };
  const paths = await filesIn(context.host.files, folder, recursive);
  if (paths.length === 0)
    throw fail("NotFound", {
      what: "no files in the folder",
      where: folder,
      fix: recursive ? "put some there" : "--recursive looks below",
    });
  const names = namesFor(paths);
  const opened = await openFirst(asking, folder, paths, context);
  const asked = await sha256(canonicalJson({ ...asking, model: await opened.lit.identity } as never));
  return {
    paths,
    asked,
    together: togetherOf(opened.lit, {}, opened.samples[0]!.feeds).rows,
    title: `What ${opened.bundle.name} looked at in ${baseName(folder)}`,
    key: async (path) => {
      const file = await hashOfFile(context.host.files, inside(folder, path));
      const runtime = runtimeKey(opened.lit.options.runtime);
      return sha256(canonicalJson({ explained: 1, version: VERSION, asked, runtime, name: names.get(path)!, file }));
    },
    read: (some) => readAll(opened, folder, some, context),
    explain: (read) => explainAll(opened, asking, read, context),
    drawn: async (path, result) => {
      const name = `${names.get(path)}${endingOf(result)}`;
      const [best] = result.rows[0]!.top;
      const top = best === undefined ? "" : titleOf(best);
      const { host, listener } = context;
      const left = leftOut(result.rows);
      if (left !== undefined) listener.note(`${path}: ${left}`);
      const files = await explainFiles(result, { heatmap: name }, { pictures: host.pictures, note: listener.note });
      return { maps: heatmapsOf(name, result), top, files };
    },
    [Symbol.asyncDispose]: () => opened.lit[Symbol.asyncDispose](),
  };
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

/** What is known of some files: their samples, or why they have none. */
type Read = ReadonlyMap<string, Prepared["samples"] | string>;

export interface Explained {
  readonly found: ReadonlyMap<string, ExplainResult>;
  readonly lost: Readonly<Record<string, string>>;
}

/** As many as run together. */
export const groupsOf = (paths: readonly string[], together: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(paths.length / together) }, (_, i) => paths.slice(i * together, (i + 1) * together));

const readAll = async (
  { bundle }: Prepared,
  folder: string,
  paths: readonly string[],
  { host, listener }: JobContext,
): Promise<Read> => {
  const samplesIn = async (path: string) => {
    const { samples } = await readSamples(host, bundle, [inside(folder, path)], {});
    return completed(samples, modelInputs(bundle.model), listener.note);
  };
  return new Map(await Promise.all(paths.map(async (path) => [path, await samplesIn(path).catch(asReason)] as const)));
};

/** In one batch where sizes allow; one by one where that does not go, since a single file may be at fault. */
const explainAll = async (opened: Prepared, asking: Asking, read: Read, context: JobContext): Promise<Explained> => {
  const lost: Record<string, string> = {};
  const files: (readonly [path: string, samples: Prepared["samples"]])[] = [];
  for (const [path, samples] of read) {
    if (typeof samples === "string") lost[path] = samples;
    else files.push([path, samples]);
  }
  const explain = async (some: typeof files): Promise<ReadonlyMap<string, ExplainResult>> => {
    if (some.length === 0) return new Map();
    const all = { ...opened, samples: some.flatMap(([, samples]) => samples) };
    const result = await explainPrepared(all, { ...asking, inputs: some.map(([path]) => path) }, context);
    const own = (samples: Prepared["samples"]) => result.rows.filter(({ sample }) => samples.includes(sample));
    return new Map(some.map(([path, samples]) => [path, { ...result, rows: own(samples) }]));
  };
  const together = await explain(files).catch(asReason);
  if (typeof together !== "string") return { found: together, lost };
  const found = new Map<string, ExplainResult>();
  for (const file of files) {
    const result = await explain([file]).catch(asReason);
    if (typeof result === "string") lost[file[0]] = result;
    else found.set(file[0], result.get(file[0])!);
  }
  return { found, lost };
};

/** What is wrong with a file; everything else ends the work. */
const asReason = (error: unknown): string => {
  if (isBacklitError(error, "BadInput") || isBacklitError(error, "NotFound")) return error.message;
  throw error;
};

const endingOf = (result: ExplainResult): string => {
  const [row] = result.rows;
  return viewOf(row!, row!.maps[0]!, contextOf(result)).figure ? ".png" : ".html";
};
