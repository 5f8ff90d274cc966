/** HTML by one tag: whatever stands in it is escaped, unless it is HTML itself. */

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text for HTML, between tags or inside quoted attributes. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** A piece of HTML, told from a text that is not escaped yet. */
export class Html {
  constructor(private readonly text: string) {}

  /** The text of a page. */
  toString(): string {
    return this.text;
  }
}

/** Lists are joined; `undefined` and `false` leave nothing. */
export type Part = string | number | Html | false | undefined | readonly Part[];

/** HTML or SVG: `${}` escapes texts, keeps `Html` as it is and joins lists. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((text, next, i) => text + written(parts[i - 1]) + next));

/** What is HTML already, from elsewhere. */
export const raw = (text: string): Html => new Html(text);

/** Pieces with something between them. */
export const joinHtml = (pieces: readonly Html[], between = ""): Html => new Html(pieces.join(between));

const written = (part: Part): string => {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return String(part);
  return typeof part === "object" ? part.map(written).join("") : escapeHtml(String(part));
};
