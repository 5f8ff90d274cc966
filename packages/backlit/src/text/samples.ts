/** INPUTs of a text model: what they say, tokenized, and padded to one length so that they run as a batch. */
import { stat } from "node:fs/promises";
import { fail, type TokenizedText, type ValueInfoProto } from "@backlit/core";
import type { Allowed } from "../allowed.ts";
import { type LoadedInput, loadInput } from "../input/index.ts";
import { type Reading, readLoaded } from "../read-loaded.ts";
import type { Sample } from "../samples.ts";
import { fixedLength, tokenFeeds, tokenInput, tokenRole } from "./feeds.ts";
import { openTokenizer, type TextTokenizer } from "./tokenizer.ts";

/** A text, and the position of its first token among the row's. */
export interface TextSample {
  readonly tokenized: TokenizedText;
  readonly from: number;
}

/** Text of its own, or a file's. */
type Given = { readonly file: string; readonly text: string } | { readonly file: string; readonly array: LoadedInput };

const NAME_LENGTH = 48;

/**
 * What an argument of a text model is: `-` standard input, the name of a file its content, anything else the text itself. A
 * name that looks like a file's and is none is an error, not a text. Throws NotFound and BadInput.
 */
const readGiven = async (argument: string, stdin?: AsyncIterable<Uint8Array | string>): Promise<Given> => {
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

export interface TextOptions extends Reading {
  /** The path of tokenizer.json. */
  readonly tokenizer: string;
  readonly allowed?: Allowed;
  /** Second texts: one for each INPUT, or one for all. */
  readonly textPairs?: readonly string[];
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** INPUTs of a text model: texts, tokenized and padded together; arrays of token ids as they are. `inputs`: those still to be given. */
export const readTexts = async (
  files: readonly string[],
  inputs: readonly ValueInfoProto[],
  options: TextOptions,
): Promise<readonly Sample[]> => {
  const { textPairs = [], stdin, note } = options;
  if (textPairs.length > 1 && textPairs.length !== files.length)
    throw fail("Usage", {
      what: `${textPairs.length} --text-pair for ${files.length} texts`,
      fix: "give one for each text, or one for all",
    });
  const read: Given[] = [];
  for (const argument of [...files, ...textPairs]) read.push(await readGiven(argument, stdin));
  const [firsts, seconds] = [read.slice(0, files.length), read.slice(files.length)];
  const texts: Written[] = [];
  const order = firsts.map((first, i) => {
    const second = seconds.length === 1 ? seconds[0] : seconds[i];
    if ("array" in first && second === undefined) return first;
    if ("array" in first || (second && "array" in second))
      throw fail("BadInput", { what: "an array in a pair of texts", where: first.file, fix: "give token types by --input" });
    texts.push({ file: first.file, texts: second ? [first.text, second.text] : [first.text] });
    return texts.length - 1;
  });
  const made = texts.length > 0 ? textSamples(texts, inputs, await openTokenizer(options.tokenizer, options.allowed), note) : [];
  const samples = order.map(async (one) =>
    typeof one === "number" ? [made[one]!] : readLoaded(one.array, [tokenInput(inputs)!], one.file, options),
  );
  return (await Promise.all(samples)).flat();
};

interface Written {
  readonly file: string;
  readonly texts: readonly string[];
}

/** Texts (or pairs) as samples. One length for all where the model has a mask for the padding, or takes one length only. */
const textSamples = (
  given: readonly Written[],
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
