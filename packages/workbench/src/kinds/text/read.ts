/** INPUTs of a text model: what they say, tokenized, and padded to one length so that they run as a batch. */
import { fail, maxOf, type ValueInfoProto } from "@backlit/core";
import type { Allowed } from "../../models/allowed.ts";
import type { Sample } from "../../samples/sample.ts";
import type { Reading, Source } from "../kind.ts";
import { readLoaded } from "../loaded.ts";
import { fixedLength, tokenFeeds, tokenInput, tokenRole, towersOf } from "./feeds.ts";
import { type Given, readGiven, type Written } from "./given.ts";
import { openTokenizer, type TextTokenizer, type TokenizerHost } from "./tokenizer.ts";
import { towerSample } from "./towers.ts";

/** What reads texts and cuts them into tokens. */
export type TextHost = Source & TokenizerHost;

export interface TextOptions extends Reading {
  /** The path of tokenizer.json. */
  readonly tokenizer: string;
  readonly allowed?: Allowed;
  /** Second texts: one for each INPUT, or one for all. */
  readonly textPairs?: readonly string[];
}

/** INPUTs of a text model: texts, tokenized and padded together; arrays of token ids as they are. `inputs`: those still to be given. */
export const readTexts = async (
  host: TextHost,
  files: readonly string[],
  inputs: readonly ValueInfoProto[],
  options: TextOptions,
): Promise<readonly Sample[]> => {
  const { textPairs = [], note } = options;
  if (textPairs.length > 1 && textPairs.length !== files.length)
    throw fail("Usage", {
      what: `${textPairs.length} --text-pair for ${files.length} texts`,
      fix: "give one for each text, or one for all",
    });
  const read: Given[] = [];
  for (const argument of [...files, ...textPairs]) read.push(await readGiven(host, argument));
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
  const made =
    texts.length > 0 ? textSamples(texts, inputs, await openTokenizer(host, options.tokenizer, options.allowed), note) : [];
  const samples = order.map(async (one) =>
    typeof one === "number" ? [made[one]!] : readLoaded(one.array, [tokenInput(inputs)!], one.file, options),
  );
  return (await Promise.all(samples)).flat();
};

/** Texts (or pairs) as samples. One length for all where the model has a mask for the padding, or takes one length only. */
const textSamples = (
  given: readonly Written[],
  inputs: readonly ValueInfoProto[],
  tokenizer: TextTokenizer,
  note: (text: string) => void,
): readonly Sample[] => {
  const towers = towersOf(inputs);
  if (towers.length > 1) return given.map((one) => towerSample(one, towers, tokenizer, note));
  const fixed = fixedLength(tokenInput(inputs)!);
  const most = fixed ?? tokenizer.maxLength;
  const all = given.map(({ file, texts }) => ({ file, tokenized: tokenizer.tokenize(texts, most) }));
  const masked = inputs.some((input) => tokenRole(input) === "mask");
  const longest = maxOf(all.map(({ tokenized }) => tokenized.tokens.length));
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
