/** The maps of several classes of one input, side by side in one figure, each under its class. */

import { grid, type Html, html, joinHtml, rawHtml, svgBeside } from "@backlit/core";
import type { Surface } from "../host/surface.ts";
import type { ExplainedRow } from "../rows/explained.ts";
import { titleOf } from "../rows/top.ts";
import { viewOf } from "./index.ts";
import type { View, ViewContext } from "./view.ts";

/** Colours take no place. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
const COLOUR = /\x1b\[[\d;]*m/g;
const plain = (text: string): string => text.replace(COLOUR, "");

interface Titled {
  readonly title: string;
  readonly note?: string;
  readonly view: View;
}

/** Drawn as far as each of them can be. */
export const figureOf = (row: ExplainedRow, context: ViewContext): Omit<View, "json"> => {
  const maps = row.maps.map(
    (map): Titled => ({
      title: titleOf(map.target),
      ...(map.note && { note: map.note.text }),
      view: viewOf(row, map, context),
    }),
  );
  const [{ view: first }] = maps as [Titled];
  const every = (of: "svg" | "raster") => maps.every(({ view }) => view[of] !== undefined);
  return {
    what: first.what,
    ...(first.needsColours && { needsColours: true }),
    terminal: (io) => inTerminal(maps, io),
    html: () => ({ body: String(html`<div class="beside">${joinHtml(maps.map(figure), "\n")}</div>`), legend: "" }),
    ...(every("svg") && { svg: () => svgBeside(maps.map(({ title, view }) => view.svg!(title))) }),
    ...(every("raster") && {
      // What the model saw stands at the left once.
      raster: (subtitle) => grid([maps.map(({ view }, k) => view.raster!(subtitle, { input: k === 0 }))], { gap: 0 }),
    }),
  };
};

const figure = ({ title, note, view }: Titled): Html => {
  const { body, legend } = view.html();
  return html`<figure><figcaption>${title}</figcaption>${note !== undefined && html`<p class="note">${note}</p>`}
${rawHtml(body)}<div class="legend">${rawHtml(legend)}</div></figure>`;
};

const GAP = 2;
/** Columns that a map needs; narrower ones stand one below the other. */
const LEAST = 24;
const USUAL = 100;

const inTerminal = (maps: readonly Titled[], io: Surface): readonly string[] => {
  const each = Math.floor(((io.columns ?? USUAL) - GAP * maps.length) / maps.length);
  if (each < LEAST) return maps.flatMap(({ title, view }) => [io.colours.bold(title), ...view.terminal(io)]);
  // A width of its own says nothing about who looks: pictures that are asked for without a terminal keep their colours.
  const own = (view: View): Surface => ({
    ...io,
    columns: each,
    truecolour: io.truecolour || (view.needsColours === true && io.columns === undefined),
  });
  const blocks = maps.map(({ title, view }) => [io.colours.bold(cut(title, each)), ...view.terminal(own(view))]);
  const widths = blocks.map((lines) => lines.reduce((most, line) => Math.max(most, widthOf(line)), 0));
  const height = blocks.reduce((most, lines) => Math.max(most, lines.length), 0);
  return Array.from({ length: height }, (_, y) =>
    blocks
      .map((lines, k) => padded(lines[y] ?? "", k === blocks.length - 1 ? 0 : widths[k]! + GAP))
      .join("")
      .trimEnd(),
  );
};

const widthOf = (line: string): number => [...plain(line)].length;
const padded = (line: string, width: number): string => line + " ".repeat(Math.max(0, width - widthOf(line)));
const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
