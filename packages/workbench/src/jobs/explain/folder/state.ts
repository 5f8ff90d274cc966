/** What is done of a folder, kept beside its maps: a stopped run goes on. */
import { fail } from "@backlit/core";
import { inside, textIn } from "../../../host/files.ts";
import type { OutputFile } from "../../output.ts";
import type { JobContext } from "../../request.ts";

/** What is kept in index.json. */
export interface FolderState {
  /** Hash of what was asked. */
  readonly asked: string;
  /** By file: the maps, within the folder, and the best class in words. */
  readonly done: Readonly<Record<string, { readonly maps: readonly string[]; readonly top: string }>>;
  /** By file: why it was skipped. */
  readonly skipped: Readonly<Record<string, string>>;
}

export const stateFile = (out: string, state: FolderState): OutputFile => ({
  path: inside(out, "index.json"),
  chunks: [new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`)],
});

/** What was made there before by the same request. Errors: Usage for maps of another. */
export const stateIn = async ({ host }: JobContext, out: string, asked: string): Promise<FolderState | undefined> => {
  const text = await textIn(host.files, inside(out, "index.json"));
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as FolderState;
  if (state.asked === asked) return state;
  throw fail("Usage", {
    what: "the folder holds other maps",
    where: out,
    why: "they were made by another model or with other options",
    fix: "give another folder",
  });
};
