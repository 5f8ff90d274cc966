/**
 * The piece of text a token stands for, as UTF-8 bytes without white space. Vocabularies mark words in four ways:
 *
 *   WordPiece      "##ing" goes on with a word
 *   SentencePiece  "▁the" begins one; "<0xE2>" is a byte no piece covers
 *   byte-level     "Ġthe": every byte is written as a printable character, the space as Ġ (GPT-2)
 *   BPE            "the</w>" ends one
 *
 * White space is dropped on both sides when tokens are aligned with their text, so only the letters of a piece are kept.
 */
import { isRecord } from "../picture/config.ts";

/** A token's letters as UTF-8; undefined for the unknown token. */
export type TokenSurface = (token: string) => Uint8Array | undefined;

const utf8 = new TextEncoder();

/** UTF-8 of a text without white space and SentencePiece's "▁". */
export const lettersOf = (text: string): Uint8Array => utf8.encode(text.replace(/[\s\u2581\u200b]+/gu, ""));

/** Reads a tokenizer.json's marks. The function gives undefined for the unknown token, which stands for whatever is there. */
export const tokenSurface = (tokenizer: unknown): TokenSurface => {
  const json = isRecord(tokenizer) ? tokenizer : {};
  const model = isRecord(json.model) ? json.model : {};
  const unknown = typeof model.unk_token === "string" ? model.unk_token : undefined;
  const added = new Set(Array.isArray(json.added_tokens) ? json.added_tokens.map((one) => one?.content) : []);
  const spell = hasStep(json.pre_tokenizer, "ByteLevel") || hasStep(json.decoder, "ByteLevel") ? spellBytes : spellPiece(model);
  return (token) => (token === unknown ? undefined : added.has(token) ? lettersOf(token) : spell(token));
};

const hasStep = (step: unknown, type: string): boolean => {
  if (!isRecord(step)) return false;
  const inner = [step.pretokenizers, step.decoders].find(Array.isArray) ?? [];
  return step.type === type || inner.some((one: unknown) => hasStep(one, type));
};

const spellPiece = (model: Readonly<Record<string, unknown>>): ((token: string) => Uint8Array) => {
  const prefix = typeof model.continuing_subword_prefix === "string" ? model.continuing_subword_prefix : "";
  const suffix = typeof model.end_of_word_suffix === "string" ? model.end_of_word_suffix : "";
  return (token) => {
    const byte = /^<0x([0-9a-f]{2})>$/i.exec(token)?.[1];
    if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
    const start = prefix !== "" && token.length > prefix.length && token.startsWith(prefix) ? prefix.length : 0;
    const end = suffix !== "" && token.endsWith(suffix) ? token.length - suffix.length : token.length;
    return lettersOf(token.slice(start, end));
  };
};

const isPrintable = (byte: number): boolean =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);

/** GPT-2's alphabet: printable Latin-1 bytes are themselves, the others are U+0100, U+0101, … in order. */
const byteOf: ReadonlyMap<string, number> = new Map(
  (() => {
    let next = 0x100;
    return Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(isPrintable(byte) ? byte : next++), byte] as const);
  })(),
);

const WHITE = new Set([0x20, 0x09, 0x0a, 0x0b, 0x0c, 0x0d]);

const spellBytes = (token: string): Uint8Array => {
  const bytes = Array.from(token, (character) => byteOf.get(character));
  // A piece outside of the alphabet (an added token) is text.
  if (bytes.includes(undefined)) return lettersOf(token);
  return Uint8Array.from((bytes as number[]).filter((byte) => !WHITE.has(byte)));
};
