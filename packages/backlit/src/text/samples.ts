/** INPUTs of a text model: what they say, tokenized, and padded to one length so that they run as a batch. */
import { stat } from "node:fs/promises";
import { fail, type TokenizedText, type ValueInfoProto } from "@backlit/core";
import { type LoadedInput, loadInput } from "../input/index.ts";
import type { Sample } from "../samples.ts";
import { fixedLength, tokenFeeds, tokenInput, tokenRole } from "./feeds.ts";
import type { TextTokenizer } from "./tokenizer.ts";

/** A text, and the position of its first token among the row's. */
export interface TextSample {
  readonly tokenized: TokenizedText;
  readonly from: number;
}

/** Text of its own, or a file's. */
export type Given = { readonly file: string; readonly text: string } | { readonly file: string; readonly array: LoadedInput };

const NAME_LENGTH = 48;

/**
 * What an argument of a text model is: `-` standard input, the name of a file its content, anything else the text itself. A
 * name that looks like a file's and is none is an error, not a text. Throws NotFound and BadInput.
 */
export const readGiven = async (argument: string, stdin?: AsyncIterable<Uint8Array | string>): Promise<Given> => {
  const info = argument.length < 4096 && argument !== "" ? await stat(argument).catch(() => undefined) : undefined;
  if (argument !== "-" && !info?.isFile()) {
    if (/^\S+\.(txt|md|csv|tsv|json|html?|npy|npz|png|jpe?g|pdf)$/i.test(argument) || /^\.{0,2}\/\S*$/.test(argument))
      throw fail("NotFound", {
        what: "no such file",
        where: argument,
        fix: "check the path; a text has spaces, or comes from -",
      });
    return { file: quoted(argument), text: argument };
  }
  const loaded = await loadInput(argument, { text: true, ...(stdin && { stdin }) });
  if (loaded.kind === "text") return { file: argument, text: loaded.text.replace(/\r?\n$/, "") };
  if (loaded.kind === "picture")
    throw fail("BadInput", { what: "the model takes text, not a picture", where: loaded.name, fix: "give a text" });
  return { file: argument, array: loaded };
};

const quoted = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return `"${line.length > NAME_LENGTH ? `${line.slice(0, NAME_LENGTH - 1)}…` : line}"`;
};

/** Texts (or pairs) as samples. One length for all where the model has a mask for the padding, or takes one length only. */
export const textSamples = (
  given: readonly { readonly file: string; readonly texts: readonly string[] }[],
  inputs: readonly ValueInfoProto[],
  tokenizer: TextTokenizer,
  note: (text: string) => void,
): readonly Sample[] => {
  const fixed = fixedLength(tokenInput(inputs)!);
  const most = fixed ?? tokenizer.maxLength;
  const all = given.map(({ file, texts }) => ({ file, tokenized: tokenizer.tokenize(texts, most) }));
  const masked = inputs.some((input) => tokenRole(input) === "mask");
  const longest = Math.max(...all.map(({ tokenized }) => tokenized.tokens.length));
  if (fixed !== undefined && !masked && all.some(({ tokenized }) => tokenized.tokens.length < fixed))
    note(`the model takes ${fixed} tokens and no mask: padding counts as text`);
  for (const { file, tokenized } of all)
    if (tokenized.cut > 0)
      note(`${file} is cut: the model takes ${most} tokens, ${tokenized.cut} at the end are left out (special tokens included)`);
  return all.map(({ file, tokenized }) => {
    const length = fixed ?? (masked ? longest : tokenized.tokens.length);
    const feeds = tokenFeeds(inputs, tokenized.tokens, { ...tokenizer, length });
    return { file, feeds, text: { tokenized, from: tokenizer.padLeft ? length - tokenized.tokens.length : 0 } };
  });
};
