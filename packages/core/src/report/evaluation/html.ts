/** Pieces of HTML that parts of an evaluation's report share. */
import { type Html, html, type Part } from "../../render/html/html.ts";

/** A box that scrolls by itself where its content is wider; reachable by keyboard. */
export const scrolling = (label: string, content: Html): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;

/** The head of a table. */
export const head = (cells: readonly Part[]): Html =>
  html`<thead><tr>${cells.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>`;

/** Which way a score is better, in words. */
export const better = (direction: "higher" | "lower" | undefined): string =>
  direction === undefined ? "neither way is better" : `${direction} is better`;

/** A second, quieter line in a cell. */
export const below = (part: Part): Html => html`<span class="below">${part}</span>`;

/** A caption that stays in sight while its table scrolls. */
export const captioned = (text: string): Html => html`<caption><span>${text}</span></caption>`;

/** Names and what they are. */
export const definitions = (all: readonly (readonly [name: string, text: Part])[], name?: string): Html =>
  html`<dl${name !== undefined && html` class="${name}"`}>${all.map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>`;
