/** Signed bars of named features, strongest first: in the terminal, as SVG, as a table of all. */

import { type Bar, type FloatTensor, limitOf, signed, type Tensor, terminalBars } from "@backlit/core";
import { terminalOptions } from "../../host/surface.ts";
import { foundLine } from "../../report/difference.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";
import { LONG } from "../series/view.ts";
import { type Named, namedBars } from "./named-bars.ts";

const IN_TERMINAL = 15;

/** Undefined unless the INPUT is a table's row, a text whose n-grams are explained, or a vector that is too short for a series. */
export const tableView = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View | undefined => {
  const { explained, top } = context;
  const { sample } = row;
  const inner = context.features ?? {};
  const own = explained.filter((name) => inner[name]?.length !== map.relevances[name]!.data.length);
  const vectors = own.every((name) => (sample.feeds[name] ? map.relevances[name]!.dims.length <= 1 : sample.features));
  const few = own.every((name) => map.relevances[name]!.data.length < LONG) && !sample.series;
  if (!vectors || !(sample.features || few)) return undefined;
  const features = sample.features ?? {};
  const parts = explained.map(
    (name): Named =>
      own.includes(name)
        ? { bars: barsOf(name, features[name], map.relevances[name]!, row), absent: { count: 0, value: 0 } }
        : namedBars(
            inner[name]!,
            map.relevances[name]!,
            { values: map.values?.[name], compared: map.difference !== undefined },
            row,
          ),
  );
  const all = parts.flatMap((part) => part.bars);
  const bars = all.map((bar): Bar => (bar.shown === undefined ? bar : { ...bar, name: bar.shown }));
  const absent = {
    count: parts.reduce((sum, part) => sum + part.absent.count, 0),
    relevance: parts.reduce((sum, part) => sum + part.absent.value, 0),
  };
  const missing =
    absent.count === 0 ? [] : [`${absent.count} n-grams or categories do not occur, Σ R ${signed(absent.relevance)}`];
  const limit = limitOf(bars.map(({ value }) => value));
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  const sides = sidesOf(map.target);
  const found = foundLine(map);
  const about = found === undefined ? [] : [found];
  return {
    what: "a table",
    terminal: (io) => [
      ...terminalBars(bars, { ...terminalOptions(io), count: top ?? IN_TERMINAL }),
      ...missing.map((line) => io.colours.dim(line)),
    ],
    html: async ({ scale } = {}) => {
      const { atWidths, barChart, legendHtml, tableHtml } = await import("../../views/drawings.ts");
      const options = { ...(top !== undefined && { count: top }), ...(scale && { range: scale }) };
      const notes = [...about, `${bars.length} features, Σ R ${signed(total)}`, ...missing];
      return {
        body: `${atWidths((narrow) => barChart(bars, { ...options, ...narrow }))}\n${tableHtml(bars, scale?.limit)}`,
        legend: legendHtml({ limit, notes, sides }, scale),
      };
    },
    data: () => ({ kind: "table", bars, limit }),
    figure: async ({ title, otherwise, scale } = {}) =>
      (await import("../../views/drawings.ts")).barFigure(bars, {
        ...(title !== undefined && { title, ...(otherwise !== undefined && { otherwise }) }),
        ...(top !== undefined && { count: top }),
        ...(scale ? { range: scale } : { sides }),
      }),
    scale: () => ({ limit, signed: bars.some(({ value }) => value < 0) }),
    json: () => ({
      features: all.map(({ name, given, value, column, category }) => ({
        ...{ name, given: given ?? null, relevance: value },
        ...(column !== undefined && { column }),
        ...(category !== undefined && { category }),
      })),
      ...(absent.count > 0 && { absent }),
    }),
  };
};

const barsOf = (input: string, names: readonly string[] | undefined, { data }: FloatTensor, row: ExplainedRow): readonly Bar[] =>
  Array.from(data, (value, i) => {
    const given = valueAt(row.sample.feeds[input], row.index ?? 0, i, data.length);
    return { name: names?.[i] ?? (data.length === 1 ? input : `${input}[${i}]`), ...(given !== undefined && { given }), value };
  });

/** What feature i of the row was. */
const valueAt = (tensor: Tensor | undefined, row: number, i: number, width: number): string | undefined => {
  const value = tensor?.data[row * width + i];
  return value === undefined ? undefined : typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
};
