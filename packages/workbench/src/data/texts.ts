/** Columns of texts as samples: one text a row, or the two that a model reads together or apart. */
import { fail, type ValueInfoProto } from "@backlit/core";
import type { InputHost } from "../inputs/read.ts";
import { columnLike } from "../kinds/table/label.ts";
import { comparesTexts, fixedLength, tokenFeeds, tokenInput, towersOf } from "../kinds/text/feeds.ts";
import type { Written } from "../kinds/text/given.ts";
import { openTokenizer, type TextTokenizer } from "../kinds/text/tokenizer.ts";
import { towerSample } from "../kinds/text/towers.ts";
import { modelInputs } from "../models/inputs.ts";
import type { Bundle } from "../models/open.ts";
import type { Sample } from "../samples/sample.ts";
import type { ReadRows } from "./item.ts";
import type { Cell, Columns } from "./parquet.ts";

const TEXT = ["text", "sentence", "review", "content", "document"];
/** What data sets of pairs call their columns, in the order in which models read them. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["text", "text_pair"],
  ["text_a", "text_b"],
  ["sentence1", "sentence2"],
  ["question1", "question2"],
  ["premise", "hypothesis"],
  ["question", "context"],
  ["question", "sentence"],
  ["query", "passage"],
  ["query", "document"],
];

/** Texts are run one by one, at their own length: padding is no part of them. */
export const textRows = async (
  host: InputHost,
  columns: Columns,
  path: string,
  bundle: Bundle & { readonly tokenizer: string },
): Promise<ReadRows> => {
  const inputs = modelInputs(bundle.model);
  const named = textColumns(columns, inputs, path, bundle.textColumns);
  const tokenizer = await openTokenizer(host, bundle.tokenizer, bundle.allowed);
  const notices = new Set<string>(
    bundle.textColumns || named.length < 2 ? [] : [`the texts are those of ${named.join(" and ")} (--text-columns names others)`],
  );
  const rows = Array.from({ length: columns.get(named[0]!)!.length }, (_, n) =>
    named.map((name) => textAt(columns.get(name)![n]!, { name, many: named.length > 1, where: `${path}, row ${n}` })),
  );
  const reading = { inputs, tokenizer, note: (text: string) => void notices.add(text) };
  const sample = (n: number) => sampleOf({ file: `${path}, row ${n}`, texts: rows[n]! }, reading);
  // Tokens of all rows would be most of the memory: made here for what has to be said of them, and again when a row's turn comes.
  for (const n of rows.keys()) sample(n);
  return {
    loaders: rows.map((_, n) => async () => ({ feeds: sample(n).feeds })),
    textOf: sample,
    even: towersOf(inputs).every(({ ids }) => fixedLength(ids) !== undefined),
    notices: [...notices],
  };
};

interface Reading {
  readonly inputs: readonly ValueInfoProto[];
  readonly tokenizer: TextTokenizer;
  note(text: string): void;
}

const sampleOf = ({ file, texts }: Written, { inputs, tokenizer, note }: Reading): Sample => {
  const towers = towersOf(inputs);
  if (towers.length > 1) return towerSample({ file, texts }, towers, tokenizer, note);
  const fixed = fixedLength(tokenInput(inputs)!);
  const most = fixed ?? tokenizer.maxLength;
  const tokenized = tokenizer.tokenize(texts, most);
  if (tokenized.cut > 0) note(`texts longer than ${most} tokens are cut`);
  const length = fixed ?? tokenized.tokens.length;
  const feeds = tokenFeeds(inputs, tokenized.tokens, { ...tokenizer, length });
  return { file, feeds, text: { tokenized, from: tokenizer.padLeft ? length - tokenized.tokens.length : 0 } };
};

/** Those said, those called like the model's inputs, those that data sets of pairs have, or the first that holds words. Errors: Usage, BadInput. */
const textColumns = (
  columns: Columns,
  inputs: readonly ValueInfoProto[],
  path: string,
  said: readonly string[] | undefined,
): readonly string[] => {
  const names = [...columns.keys()];
  const missing = said?.find((name) => !columns.has(name));
  if (missing !== undefined)
    throw fail("Usage", { what: `--text-columns ${missing}`, fix: `the columns are ${names.slice(0, 20).join(", ")}` });
  const towers = towersOf(inputs);
  if (said !== undefined && said.length > 2)
    throw fail("Usage", {
      what: `--text-columns ${said.join(",")}`,
      why: "a model reads one text, or two",
      fix: "name at most two",
    });
  if (said !== undefined && said.length > 0) return said;
  const own = towers.map(({ ids }) => columnLike(names, ids.name.toLowerCase()));
  if (own.length > 1 && own.every((name) => name !== undefined)) return own;
  const like = (wanted: string) => {
    const name = columnLike(names, wanted);
    return name !== undefined && columns.get(name)!.some((cell) => typeof cell === "string") ? name : undefined;
  };
  for (const [first, second] of PAIRS) {
    const pair = [like(first), like(second)];
    if (pair.every((name) => name !== undefined)) return pair;
  }
  const single = [...TEXT.map(like), ...names].find((name) => name !== undefined && columns.get(name)!.some(hasWords));
  if (comparesTexts(inputs))
    throw fail("BadInput", {
      what: "one text a row",
      where: path,
      why: "the model reads two texts apart from each other",
      fix: `name their columns: --text-columns A,B of ${names.slice(0, 20).join(", ")}`,
    });
  if (single === undefined)
    throw fail("BadInput", { what: "no texts", where: path, fix: "call their column text, or name it: --text-columns" });
  return [single];
};

const isText = (cell: Cell): boolean => typeof cell === "string" && cell.trim() !== "";
const hasWords = (cell: Cell): boolean => typeof cell === "string" && /\s/.test(cell);

const textAt = (
  cell: Cell,
  { name, many, where }: { readonly name: string; readonly many: boolean; readonly where: string },
): string => {
  if (isText(cell)) return cell as string;
  throw fail("BadInput", { what: many ? `an empty text in '${name}'` : "an empty text", where });
};
