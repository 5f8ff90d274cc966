/** The maps of several classes of one input, side by side in one figure, each under its class; one scale and one legend for all. */

import { type Figure, html, joinHtml, rawHtml, sharedRange } from "@backlit/core";
import type { Surface } from "../host/surface.ts";
import { stepsView } from "../kinds/text/steps.ts";
import { viewOf } from "../kinds/view-of.ts";
import type { ExplainedMap, ExplainedRow } from "../rows/explained.ts";
import { titleOf } from "../rows/top.ts";
import type { HtmlParts, Scale, View, ViewContext } from "../views/view.ts";

/** Colours take no place. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
const COLOUR = /\x1b\[[\d;]*m/g;
const plain = (text: string): string => text.replace(COLOUR, "");

interface Titled {
  readonly map: ExplainedMap;
  /** Alone, where the numbers stand beside. */
  readonly name: string;
  readonly note?: string;
  readonly view: View;
}

/** Drawn as far as each of them can be. */
export const figureOf = (row: ExplainedRow, context: ViewContext): Omit<View, "json"> => {
  const steps = context.steps ? stepsView(row, context) : undefined;
  if (steps !== undefined) return steps;
  const maps = row.maps.map(
    (map): Titled => ({
      name: titleOf(map.target),
      map,
      ...(map.note && { note: map.note.text }),
      view: viewOf(row, map, context),
    }),
  );
  const [{ view: first }] = maps as [Titled];
  return {
    what: first.what,
    ...(first.needsColours && { needsColours: true }),
    terminal: (io) => inTerminal(maps, io),
    html: () => inPage(maps),
    ...(maps.every(({ view }) => view.figure) && { figure: ({ subtitle } = {}) => drawn(row, maps, subtitle) }),
    ...(maps.every(({ view }) => view.picture) && { picture: first.picture! }),
  };
};

/** The largest of the maps, signed where one of them is. */
const scaleOf = (maps: readonly Titled[]): Scale | undefined => {
  const scales = maps.map(({ view }) => view.scale?.());
  return scales.every((scale) => scale !== undefined)
    ? sharedRange(scales.map((scale) => ({ ...scale, invalid: 0 })))
    : undefined;
};

const drawn = async (row: ExplainedRow, maps: readonly Titled[], subtitle: string | undefined): Promise<Figure> => {
  const { ABOVE, beside, headingLines, headingOf, pictureFigure, withLegend } = await import("../views/drawings.ts");
  const pictures = maps.map(({ view }) => view.picture?.());
  const [first] = pictures;
  if (first && pictures.every((picture) => picture !== undefined)) {
    const drawnMaps = pictures.map(({ map }, k) => ({
      ...headingLines(row, maps[k]!.map),
      ...(subtitle !== undefined && { subtitle }),
      ...map,
    }));
    return pictureFigure(drawnMaps, first.options);
  }
  const scale = maps.length > 1 ? scaleOf(maps) : undefined;
  const figures = await Promise.all(
    maps.map(async ({ map, view }) => view.figure!({ ...headingOf(row, map), ...(scale && { scale }) })),
  );
  return scale ? withLegend(beside(figures), { limit: scale.limit, notes: [ONE], sides: ABOVE }) : beside(figures);
};

const ONE = "relevance, one scale";

/** One legend below all; what is said of each map stands below it, and what is said of all with the legend. */
const inPage = async (maps: readonly Titled[]): Promise<HtmlParts> => {
  const { ABOVE, legendHtml } = await import("../views/drawings.ts");
  const scale = maps.length > 1 ? scaleOf(maps) : undefined;
  const parts = await Promise.all(maps.map(({ view }, k) => view.html({ ...(scale && { scale }), input: k === 0 })));
  const [{ legend: first, colors }] = parts as [HtmlParts];
  const same = parts.every(({ legend }) => legend === first);
  const figures = maps.map(({ name, note }, k) => {
    const { body, legend } = parts[k]!;
    return html`<figure><figcaption>${name}</figcaption>${note !== undefined && html`<p class="note">${note}</p>`}
${rawHtml(body)}${!same && html`<div class="legend">${rawHtml(legend)}</div>`}</figure>`;
  });
  const meaning = { limit: scale?.limit ?? 0, notes: [ONE], sides: ABOVE, ...(colors && { colors }) };
  return {
    body: String(html`<div class="beside">${joinHtml(figures, "\n")}</div>`),
    legend: `${scale ? legendHtml(meaning) : ""}${same ? first : ""}`,
  };
};

const GAP = 2;
/** Columns that a map needs; narrower ones stand one below the other. */
const LEAST = 24;
const USUAL = 100;

const inTerminal = (maps: readonly Titled[], io: Surface): readonly string[] => {
  const each = Math.floor(((io.columns ?? USUAL) - GAP * maps.length) / maps.length);
  if (each < LEAST) return maps.flatMap(({ name, view }) => [io.colours.bold(name), ...view.terminal(io)]);
  // A width of its own says nothing about who looks: pictures that are asked for without a terminal keep their colours.
  const own = (view: View): Surface => ({
    ...io,
    columns: each,
    truecolour: io.truecolour || (view.needsColours === true && io.columns === undefined),
  });
  const blocks = maps.map(({ name, view }) => [io.colours.bold(cut(name, each)), ...view.terminal(own(view))]);
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
