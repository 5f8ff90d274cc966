/**
 * The one door to the terminal. Whatever comes from outside (labels, names of files, nodes and values, texts of errors, arguments)
 * goes through `printable` on its way; JSON keeps it, escaped. What slips past is stopped at the door: of control characters only line
 * ends and our own colours and progress pass.
 */
import { printable } from "@backlit/core";
import { shorten } from "@backlit/workbench";
import type { Io } from "./io.ts";

/** Some terminals say they have 0 columns, and nothing can be drawn in three. */
const NARROWEST = 20;

/** The same streams, behind the door. */
export const guarded = (io: Io): Io => ({
  ...io,
  columns: io.columns ? Math.max(NARROWEST, io.columns) : undefined,
  out: (text) => io.out(onlyOurs(text)),
  err: (text) => io.err(onlyOurs(text)),
});

/** A report for a person, made of data whose texts can do no harm. */
export const say = <T>(io: Io, data: T, report: (data: T, io: Io) => string): void => io.out(report(harmless(data), io));

/** One JSON document. */
export const sayJson = (io: Io, document: unknown, indent = 2): void =>
  io.out(`${JSON.stringify(document, null, indent).replace(UNESCAPED, escaped)}\n`);

const LONGEST = 240;
const WORD = new RegExp(`\\S{${2 * LONGEST},}`, "g");
const MESSAGE = 4000;

/** One line; long arguments are cut, wherever they stand in it, as are long words and what is too long in all. */
export const sayError = (io: Io, text: string, argv: readonly string[] = []): void => {
  const parts = argv.flatMap((arg) => [arg, ...arg.split(/[=,:]/)]).filter(({ length }) => length > LONGEST);
  parts.sort((a, b) => b.length - a.length);
  const cut = parts.map(oneLine).reduce((line, part) => line.replaceAll(part, shorten(part, LONGEST, "middle")), oneLine(text));
  const words = cut.replace(WORD, (word) => shorten(word, LONGEST, "middle"));
  io.err(`backlit: ${printable(shorten(words, MESSAGE, "middle"))}\n`);
};

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ");

/** A copy of plain data whose texts, keys too, are printable; typed arrays and instances of classes are left as they are. */
const harmless = <T>(value: T): T => {
  const copy = (of: unknown): unknown => {
    if (typeof of === "string") return printable(of);
    if (of === null || typeof of !== "object" || ArrayBuffer.isView(of)) return of;
    if (Array.isArray(of)) return of.map(copy);
    if (of instanceof Map) return new Map(Array.from(of, ([key, one]) => [copy(key), copy(one)]));
    if (![Object.prototype, null].includes(Object.getPrototypeOf(of))) return of;
    return Object.fromEntries(Object.entries(of).map(([key, one]) => [printable(key), copy(one)]));
  };
  return copy(value) as T;
};

/** What JSON leaves as it is and a terminal obeys; such characters stand in strings alone. */
const UNESCAPED = /[\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A colour, or the line's start and its clearing; else a control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
const CONTROL = /\x1b\[[\d;]*m|\r\x1b\[K|(?![\n\t])\p{Cc}/gu;
const onlyOurs = (text: string): string => text.replace(CONTROL, (found) => (found.length > 1 ? found : printable(found)));
