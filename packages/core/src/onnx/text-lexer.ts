/** The text form cut into tokens; `#` starts a comment. Every error names line and column. */
import { type BacklitError, fail } from "../errors.ts";
import { unquote } from "./text-literals.ts";

export interface Token {
  readonly kind: "word" | "number" | "string" | "sign" | "end";
  /** As it stands in the text; of a string, what is between the quotes. */
  readonly text: string;
  readonly start: number;
}

const TOKEN = new RegExp(
  [
    /(?<blank>(?:\s|#[^\n]*)+)/,
    /(?<number>[+-]inf\b|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/,
    /(?<word>[A-Za-z_][\w.]*)/,
    /"(?<string>(?:[^"\\]|\\[\s\S])*)"/,
    /(?<sign>=>|[<>[\]{}(),:=@.?…])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "y",
);

export class Lexer {
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(readonly text: string) {
    TOKEN.lastIndex = 0;
    for (let start = 0; start < text.length; start = TOKEN.lastIndex) {
      const groups = TOKEN.exec(text)?.groups;
      if (!groups) throw this.error(`${JSON.stringify(text[start])} was not expected here`, start);
      const found = Object.entries(groups).find(([, match]) => match !== undefined) as [Token["kind"] | "blank", string];
      if (found[0] !== "blank") this.#tokens.push({ kind: found[0], text: found[1], start });
    }
    this.#tokens.push({ kind: "end", text: "", start: text.length });
  }

  /** The next token, or one `ahead` of it. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** Is the token (by default the next) this sign? */
  is(sign: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "sign" && token.text === sign;
  }

  accept(sign: string): boolean {
    const here = this.is(sign);
    if (here) this.next();
    return here;
  }

  expect(sign: string): void {
    if (!this.accept(sign)) throw this.unexpected(`"${sign}"`);
  }

  isName(ahead = 0): boolean {
    return ["word", "string"].includes(this.peek(ahead).kind);
  }

  /** A word, or anything in quotes. */
  name(what = "a name"): string {
    const { kind, text } = this.peek();
    if (!this.isName()) throw this.unexpected(what);
    this.next();
    return kind === "string" ? unquote(text) : text;
  }

  string(): string {
    if (this.peek().kind !== "string") throw this.unexpected("a string");
    return unquote(this.next().text);
  }

  integer(): number {
    const { kind, text } = this.peek();
    if (kind !== "number" || !Number.isSafeInteger(Number(text)) || !/^[+-]?\d+$/.test(text)) throw this.unexpected("an integer");
    this.next();
    return Number(text);
  }

  /** `open item, item close`; without an item none. */
  list<T>(open: string, close: string, item: () => T): T[] {
    this.expect(open);
    const items: T[] = [];
    if (this.accept(close)) return items;
    do items.push(item());
    while (this.accept(","));
    this.expect(close);
    return items;
  }

  /** `"key" : value` */
  pair<T>(value: () => T): [key: string, value: T] {
    const key = this.string();
    this.expect(":");
    return [key, value()];
  }

  unexpected(wanted: string): BacklitError {
    const { kind, text, start } = this.peek();
    if (text === "…") return this.error("left-out elements cannot be read; print with maxElements: Infinity", start);
    return this.error(`${wanted} is expected, not ${kind === "end" ? "the end" : JSON.stringify(text)}`, start);
  }

  error(why: string, at = this.peek().start): BacklitError {
    const before = this.text.slice(0, at).split("\n");
    const where = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    return fail("BadModel", { what: "not a model in text form", where, why });
  }
}
