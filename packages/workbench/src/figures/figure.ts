/** The maps of several classes of one input, side by side in one figure, each under its class; one scale and one legend for all. */

import type { Surface } from "../host/surface.ts";
import { stepsView } from "../kinds/text/steps.ts";
import { viewOf } from "../kinds/view-of.ts";
import type { ExplainedRow } from "../rows/explained.ts";
import { titleOf } from "../rows/top.ts";
import type { View, ViewContext } from "../views/view.ts";
import { drawn, inPage, type Titled } from "./beside.ts";

/** Colours take no place. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what is looked for
const COLOUR = /\x1b\[[\d;]*m/g;
const plain = (text: string): string => text.replace(COLOUR, "");

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
    ...(maps.every(({ view }) => view.figure) && {
      figure: ({ subtitle } = {}) => drawn(row, maps, subtitle),
    }),
    ...(maps.every(({ view }) => view.picture) && { picture: first.picture! }),
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
