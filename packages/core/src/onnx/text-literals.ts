/** Words and quoted strings of the text form. In quotes, `\xNN` is a byte: attributes of type string need not be UTF-8. */
import { append } from "../numeric/extremes.ts";
import { DataType } from "./proto.ts";

const TYPE_NAMES = new Map(Object.entries(DataType).map(([key, type]) => [key.toLowerCase(), type as number]));
const RESERVED = new Set([...TYPE_NAMES.keys(), "nan", "inf"]);

/** The element type a word names. */
export const typeByName = (word: string): number | undefined => TYPE_NAMES.get(word);

/** Can stand without quotes as a name. */
export const isWord = (name: string): boolean => /^[A-Za-z_][\w.]*$/.test(name) && !RESERVED.has(name);

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const UNESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

export const quote = (text: string): string => `"${text.replace(/["\\\n\r\t]/g, (char) => ESCAPES[char]!)}"`;

export const quoteBytes = (bytes: Uint8Array): string => {
  try {
    return quote(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, "0")}`;
    return `"${Array.from(bytes, hex).join("")}"`;
  }
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([\s\S]))/g;

/** What stands between quotes, as text. */
export const unquote = (inner: string): string => inner.replace(ESCAPE, (_, hex, char) => unescaped(hex, char));

/** What stands between quotes, as bytes: `\xNN` is one. */
export const unquoteBytes = (inner: string): Uint8Array => {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  let from = 0;
  for (const match of inner.matchAll(ESCAPE)) {
    const [whole, hex, char] = match;
    append(bytes, encoder.encode(inner.slice(from, match.index)));
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else append(bytes, encoder.encode(unescaped(undefined, char!)));
    from = match.index + whole.length;
  }
  return Uint8Array.from([...bytes, ...encoder.encode(inner.slice(from))]);
};

const unescaped = (hex: string | undefined, char: string): string =>
  hex === undefined ? (UNESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16));
