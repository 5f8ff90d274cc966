/** What an argument of a model that takes texts is: a text of its own, or a file's. */
import { fail } from "@backlit/core";
import type { Source } from "../kind.ts";
import { loadInput } from "../load-input.ts";
import type { LoadedInput } from "../loaded-input.ts";

export type Given = { readonly file: string; readonly text: string } | { readonly file: string; readonly array: LoadedInput };

/** One text, or the two of a pair. */
export interface Written {
  readonly file: string;
  readonly texts: readonly string[];
}

const NAME_LENGTH = 48;

/**
 * What an argument of a text model is: `-` standard input, the name of a file its content, anything else the text itself. A
 * name that looks like a file's and is none is an error, not a text. Throws NotFound and BadInput.
 */
export const readGiven = async (source: Source, argument: string): Promise<Given> => {
  const info = argument === "" ? undefined : await source.files.info(argument);
  if (argument !== "-" && info?.kind !== "file") {
    if (/^\S+\.(txt|md|csv|tsv|json|html?|npy|npz|png|jpe?g|pdf)$/i.test(argument) || /^\.{0,2}\/\S*$/.test(argument))
      throw fail("NotFound", {
        what: "no such file",
        where: argument,
        fix: "check the path; a text has spaces, or comes from -",
      });
    return { file: quoted(argument), text: argument };
  }
  const loaded = await loadInput(source, argument, { text: true });
  if (loaded.kind === "text") return { file: argument, text: loaded.text.replace(/\r?\n$/, "") };
  if (loaded.kind === "picture")
    throw fail("BadInput", { what: "the model takes text, not a picture", where: loaded.name, fix: "give a text" });
  return { file: argument, array: loaded };
};

const quoted = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return `"${line.length > NAME_LENGTH ? `${line.slice(0, NAME_LENGTH - 1)}…` : line}"`;
};
