/** A line coloured by relevance, one for each channel. */

import {
  arranged,
  channelsOf,
  limitOf,
  type Series,
  seriesLimit,
  signed,
  stepSums,
  terminalSeries,
  toFloat32,
} from "@backlit/core";
import { terminalOptions } from "../../host/surface.ts";
import { arrangedMap, type ExplainedMap, type ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";

/** Channels drawn as series at most. */
const MOST_CHANNELS = 48;
/** A vector as long as this is a series; a shorter one is a row of features. */
export const LONG = 64;

/** Undefined unless a model's input is explained whose rows are [C, L] or [L, C] with few channels, or long [L]. */
export const seriesView = (row: ExplainedRow, map: ExplainedMap, context: ViewContext): View | undefined => {
  const name = context.explained[0]!;
  const arrangement = context.drawing?.[name];
  const relevance = map.relevances[name]!;
  const { dims, data } = arrangedMap(relevance, arrangement);
  const feed = row.sample.feeds[name];
  const steps = arrangement?.kind === "space" && dims.length === 2;
  const long = dims.at(-1) ?? 0;
  const few = data.length / long <= MOST_CHANNELS;
  // A map without the input's channels is drawn as a picture.
  const same = feed !== undefined && feed.data.length % data.length === 0 && map.relevances[name]!.data.length === data.length;
  const whole = same && feed.data.length >= ((row.index ?? 0) + 1) * data.length;
  if (!whole || (!steps && dims.length !== 1) || !(row.sample.series || (few && (steps || long >= LONG)))) return undefined;
  const given = (arrangement ? arranged(toFloat32(feed), arrangement) : toFloat32(feed)).data as Float32Array;
  const at = (row.index ?? 0) * data.length;
  const values = channelsOf(dims, given.subarray(at, at + data.length));
  const channels = channelsOf(dims, data).map((relevance, c): Series => ({ relevance, values: values[c]! }));
  const limit = seriesLimit(channels);
  const sums = stepSums(channels);
  const { sound } = row.sample;
  const seconds = sound && { axis: { first: sound.first, step: sound.step, unit: "s" } };
  const notes = [
    ...(sound ? [`${(sound.first + long * sound.step).toFixed(2)} s, a step is ${signed(sound.step, 2).slice(1)} s`] : []),
    `${channels.length > 1 ? `${channels.length} channels of ` : ""}${long} values, Σ R ${signed(data.reduce((a, b) => a + b, 0))}`,
  ];
  const meaning = { limit, notes, sides: sidesOf(map.target) };
  return {
    what: "a series",
    one: true,
    terminal: (io) => {
      const options = terminalOptions(io);
      const strongest = channels.map((channel, c) => ({ c, channel, size: limitOf(channel.relevance) }));
      strongest.sort((a, b) => b.size - a.size || a.c - b.c);
      return strongest
        .slice(0, 3)
        .flatMap(({ c, channel }) => [...(channels.length > 1 ? [`channel ${c}`] : []), ...terminalSeries(channel, options)])
        .concat(
          channels.length > 1 ? [`sums over ${channels.length} channels`, ...terminalSeries({ relevance: sums }, options)] : [],
        )
        .concat(notes.map((note) => io.colours.dim(note)));
    },
    html: async ({ scale } = {}) => {
      const { atWidths, legendHtml, seriesChart } = await import("../../views/drawings.ts");
      const limits = scale && { limit: scale.limit };
      return {
        body: atWidths((narrow) => seriesChart(channels, { ...limits, ...seconds, ...narrow })),
        legend: legendHtml(meaning, scale),
      };
    },
    figure: async ({ title, otherwise, scale } = {}) => {
      const { seriesFigure, withLegend } = await import("../../views/drawings.ts");
      const named = title !== undefined && { title, ...(otherwise !== undefined && { otherwise }) };
      return withLegend(seriesFigure(channels, { ...named, ...seconds, ...(scale && { limit: scale.limit }) }), meaning, scale);
    },
    scale: () => ({ limit, signed: true }),
    // Sums over channels.
    json: () => ({ steps: Array.from(sums) }),
  };
};
