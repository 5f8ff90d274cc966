/** Bags, sets and graphs: bars of rows or nodes (sums over their features) and of the edges between them. */
import { type Bar, limitOf, signed, terminalBars, toFloat32 } from "@backlit/core";
import { terminalOptions } from "../../host/surface.ts";
import { arrangedMap, type ExplainedMap, type ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";

const [IN_TERMINAL, IN_CHART] = [15, 30];

/** Undefined unless an input is explained whose rows are items without an order, each with its features. */
export const nodesView = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View | undefined => {
  const { explained, drawing, top } = context;
  const { feeds, text } = row.sample;
  const items = explained.filter((name) => feeds[name] !== undefined && drawing?.[name]?.kind === "tokens");
  if (text !== undefined || items.length === 0) return undefined;
  const edges = explained.flatMap((name) => (items.includes(name) ? [] : edgeBars(row, name, map.relevances[name]!)));
  const item = edges.length > 0 ? "node" : "row";
  const nodes = items.flatMap((name) => itemBars(name, map, context, items.length > 1 ? name : item));
  const bars = [...nodes, ...edges];
  const limit = limitOf(bars.map(({ value }) => value));
  // What has no relevance has no bar of its own.
  const count = Math.min(top ?? IN_CHART, Math.max(1, bars.filter(({ value }) => value !== 0).length));
  const sides = sidesOf(map.target);
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  const kinds = `${nodes.length} ${item}s${edges.length > 0 ? ` and ${edges.length} edges` : ""}, Σ R ${signed(total)}; a ${item}'s bar is the sum over its features`;
  return {
    what: edges.length > 0 ? "a graph" : "a set of rows",
    terminal: (io) => [
      ...terminalBars(bars, { ...terminalOptions(io), count: Math.min(count, top ?? IN_TERMINAL) }),
      io.colours.dim(kinds),
    ],
    html: async ({ scale } = {}) => {
      const { atWidths, barChart, legendHtml, tableHtml } = await import("../../views/drawings.ts");
      const options = { count, ...(scale && { range: scale }) };
      return {
        body: `${atWidths((narrow) => barChart(bars, { ...options, ...narrow }))}\n${tableHtml(bars, scale?.limit)}`,
        legend: legendHtml({ limit, notes: [kinds], sides }, scale),
      };
    },
    figure: async ({ title, otherwise, scale } = {}) =>
      (await import("../../views/drawings.ts")).barFigure(bars, {
        ...(title !== undefined && { title, ...(otherwise !== undefined && { otherwise }) }),
        count,
        ...(scale ? { range: scale } : { sides }),
      }),
    scale: () => ({ limit, signed: bars.some(({ value }) => value < 0) }),
    data: () => ({ kind: "table", bars, limit }),
    json: () => ({
      rows: nodes.map(({ name, value }) => ({ name, relevance: value })),
      ...(edges.length > 0 && { edges: edges.map(({ name, value }) => ({ name, relevance: value })) }),
    }),
  };
};

/** "row 3", "node 3", or with the input's name where there are several. */
const itemBars = (name: string, map: ExplainedMap, { drawing }: ViewContext, called: string): readonly Bar[] => {
  const { dims, data } = arrangedMap(map.relevances[name]!, drawing?.[name]);
  const width = data.length / (dims[0] ?? 1);
  return Array.from({ length: dims[0] ?? 0 }, (_, i) => ({
    name: `${called} ${i}`,
    value: data.subarray(i * width, (i + 1) * width).reduce((sum, v) => sum + v, 0),
  }));
};

/** Of a matrix over nodes: both directions of an edge together, what is no edge left out. */
const edgeBars = ({ sample }: ExplainedRow, name: string, { dims, data }: ExplainedMap["relevances"][string]): readonly Bar[] => {
  const given = sample.feeds[name];
  const [a = 0, b = 0] = dims.slice(-2);
  if (given === undefined || a !== b || data.length !== a * b || given.data.length !== data.length) return [];
  const there = toFloat32(given).data as Float32Array;
  const pairs = Array.from({ length: a * b }, (_, k) => [Math.floor(k / a), k % a] as const).filter(([i, j]) => i <= j);
  return pairs.flatMap(([i, j]): readonly Bar[] => {
    const [one, other] = [i * a + j, j * a + i];
    if (there[one] === 0 && there[other] === 0) return [];
    return [{ name: i === j ? `${i} to itself` : `edge ${i}–${j}`, value: data[one]! + (i === j ? 0 : data[other]!) }];
  });
};
