/** Signed bars of named features, strongest first: in the terminal, as SVG, as a table of all. */
import {
  type Bar,
  barChart,
  htmlLegend,
  limitOf,
  type RelevanceMap,
  signed,
  type Tensor,
  tableHtml,
  terminalBars,
} from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "../explained.ts";
import { terminalOptions } from "../io.ts";
import { pictureView } from "./picture.ts";
import { LONG } from "./series.ts";
import type { View, ViewContext } from "./view.ts";

const IN_TERMINAL = 15;

/** Undefined unless the INPUT is a table's row, or a vector that is too short for a series. */
export const tableView = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View | undefined => {
  const { explained, top } = context;
  const { sample } = row;
  const vectors = explained.every((name) => sample.feeds[name] && map.relevances[name]!.dims.length <= 1);
  const few = explained.every((name) => map.relevances[name]!.data.length < LONG) && !sample.series;
  if (!vectors || !(sample.features || few)) return undefined;
  const features = sample.features ?? {};
  const bars = explained.flatMap((name) => barsOf(name, features[name], map.relevances[name]!, row));
  const limit = limitOf(bars.map(({ value }) => value));
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  return {
    what: "a table",
    terminal: (io) => terminalBars(bars, { ...terminalOptions(io), count: top ?? IN_TERMINAL }),
    html: () => ({
      body: `${barChart(bars, top === undefined ? {} : { count: top })}\n${tableHtml(bars)}`,
      legend: htmlLegend(limit, [`${bars.length} features, Σ R ${signed(total)}`]),
    }),
    svg: (title) => barChart(bars, { title, ...(top !== undefined && { count: top }) }),
    ...(explained.length === 1 && { png: pictureView(row, map, context).png! }),
    json: () => ({ features: bars.map(({ name, given, value }) => ({ name, given: given ?? null, relevance: value })) }),
  };
};

const barsOf = (input: string, names: readonly string[] | undefined, { data }: RelevanceMap, row: ExplainedRow): readonly Bar[] =>
  Array.from(data, (value, i) => {
    const given = valueAt(row.sample.feeds[input], row.index ?? 0, i, data.length);
    return { name: names?.[i] ?? (data.length === 1 ? input : `${input}[${i}]`), ...(given !== undefined && { given }), value };
  });

/** What feature i of the row was. */
const valueAt = (tensor: Tensor | undefined, row: number, i: number, width: number): string | undefined => {
  const value = tensor?.data[row * width + i];
  return value === undefined ? undefined : typeof value === "number" ? String(Number(value.toPrecision(4))) : String(value);
};
