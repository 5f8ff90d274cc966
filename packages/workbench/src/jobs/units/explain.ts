/** Units of `explain` over a folder: the files that run together. */
import { fail, type Store } from "@backlit/core";
import { base64, fromBase64 } from "../../words/base64.ts";
import { keptIn } from "../evaluate/run.ts";
import { folderPage } from "../explain/folder/page.ts";
import { type ExplainedFolder, type FolderRequest, groupsOf, openExplainedFolder } from "../explain/folder/run.ts";
import { type FolderState, stateFile } from "../explain/folder/state.ts";
import { type OutputFile, wholeFile } from "../output.ts";
import type { JobContext } from "../request.ts";
import type { Collected, Units } from "./units.ts";

/** Without a folder of maps: where they go is said when they are collected. */
export interface ExplainUnitsRequest extends Omit<FolderRequest, "out"> {
  readonly store?: string;
}

/** What is kept of a file. */
type Kept =
  | {
      readonly maps: readonly string[];
      readonly top: string;
      readonly files: readonly (readonly [path: string, base64: string])[];
    }
  | { readonly skipped: string };

export const openUnits = async (request: ExplainUnitsRequest, context: JobContext): Promise<Units> => {
  const store = keptIn(request.store, context);
  const opened = await openExplainedFolder(request, context);
  const groups = groupsOf(opened.paths, opened.together);
  return {
    count: groups.length,
    run: async (index) => void (await kept(opened, groups[index]!, store)),
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
};

/** The files are read one by one, twice: once for what they are, and once to be handed on. */
export const collect = async (request: ExplainUnitsRequest, context: JobContext): Promise<Collected> => {
  const store = keptIn(request.store, context);
  if (store === undefined) throw fail("Usage", { what: "no store", why: "what is collected lies in one" });
  await using opened = await openExplainedFolder(request, context);
  const { paths, asked, title } = opened;
  const keys = await Promise.all(paths.map((path) => opened.key(path)));
  const done: Record<string, FolderState["done"][string]> = {};
  const skipped: Record<string, string> = {};
  for (const group of groupsOf(paths, opened.together))
    for (const [path, made] of await kept(opened, group, store))
      if ("skipped" in made) skipped[path] = made.skipped;
      else done[path] = { maps: made.maps, top: made.top };
  const state = { asked, done, skipped };
  const files = async function* (): AsyncGenerator<OutputFile> {
    for (const key of keys) {
      const made = (await store.get(key)) as Kept;
      if ("files" in made) for (const [path, text] of made.files) yield { path, chunks: [fromBase64(text)] };
    }
    yield stateFile("", state);
    yield { path: "index.html", chunks: [folderPage(title, state)] };
  };
  return { result: { v: 1, ...state, before: 0 }, files: files() };
};

/** What the store has of the files; the others are made together and put there. */
const kept = async (
  opened: ExplainedFolder,
  paths: readonly string[],
  store: Store | undefined,
): Promise<ReadonlyMap<string, Kept>> => {
  const known = new Map<string, Kept>();
  const keys = new Map<string, string>();
  for (const path of paths) {
    const key = await opened.key(path);
    const found = (await store?.get(key)) as Kept | undefined;
    if (found === undefined) keys.set(path, key);
    else known.set(path, found);
  }
  const keep = async (path: string, made: Kept) => {
    await store?.put(keys.get(path)!, made);
    known.set(path, made);
  };
  if (keys.size > 0) {
    const { found, lost } = await opened.explain(await opened.read([...keys.keys()]));
    for (const [path, skipped] of Object.entries(lost)) await keep(path, { skipped });
    for (const [path, result] of found) {
      const { files, ...entry } = await opened.drawn(path, result);
      const texts = await Promise.all(files.map(async (file) => [file.path, base64(await wholeFile(file))] as const));
      await keep(path, { ...entry, files: texts });
    }
  }
  return new Map(paths.map((path) => [path, known.get(path)!]));
};
