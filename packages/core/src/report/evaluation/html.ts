/** Pieces of HTML that parts of an evaluation's report share. */
import { escapeHtml } from "../../render/html/html.ts";

/** A box that scrolls by itself where its content is wider; reachable by keyboard. */
export const scrolling = (label: string, content: string): string =>
  `<div class="scroll" role="region" aria-label="${escapeHtml(label)}" tabindex="0">${content}</div>`;

/** The head of a table; cells are HTML. */
export const head = (cells: readonly string[]): string =>
  `<thead><tr>${cells.map((cell) => `<th scope="col">${cell}</th>`).join("")}</tr></thead>`;

/** Which way a score is better, in words. */
export const better = (direction: "higher" | "lower" | undefined): string =>
  direction === undefined ? "neither way is better" : `${direction} is better`;

/** A second, quieter line in a cell. */
export const below = (html: string): string => `<span class="below">${html}</span>`;

/** A caption that stays in sight while its table scrolls. */
export const captioned = (text: string): string => `<caption><span>${escapeHtml(text)}</span></caption>`;
