/** Frames of a sound's features: time from left to right, low frequencies at the bottom; what the model heard above its relevance. */
import { coloursOf, heatmap, type Plane, rangeOf, signed, terminalPicture, toFloat32 } from "@backlit/core";
import { terminalColours } from "../../host/surface.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";

const TERMINAL = 100;

/** Undefined unless the INPUT is a sound that was made into frames. */
export const soundView = (row: ExplainedRow, map: ExplainedMap, { explained }: ViewContext): View | undefined => {
  const name = explained[0]!;
  const [relevance, fed] = [map.relevances[name]!, row.sample.feeds[name]];
  const { sound } = row.sample;
  if (sound?.axes.frequency === undefined || fed === undefined || fed.data.length !== relevance.data.length) return undefined;
  const plane = turned(relevance.dims, relevance.data, sound.axes.time, sound.axes.frequency);
  const heard = turned(relevance.dims, toFloat32(fed).data as Float32Array, sound.axes.time, sound.axes.frequency);
  const range = rangeOf(plane);
  const steps = Array.from({ length: plane.width }, (_, t) =>
    Array.from({ length: plane.height }, (_, f) => plane.values[f * plane.width + t]!).reduce((a, b) => a + b, 0),
  );
  const strongest = steps.reduce((best, sum, t) => (Math.abs(sum) > Math.abs(steps[best]!) ? t : best), 0);
  const seconds = (t: number) => `${(sound.first + t * sound.step).toFixed(2)} s`;
  const note = `${plane.width} frames of ${plane.height} bands, ${seconds(0)} to ${seconds(plane.width - 1)}; most relevance at ${seconds(strongest)} (${signed(steps[strongest]!)}), Σ R ${signed(steps.reduce((a, b) => a + b, 0))}`;
  const meaning = { limit: range.limit, notes: [note], sides: sidesOf(map.target), colors: coloursOf({}, range) };
  return {
    what: "a sound",
    one: true,
    needsColours: true,
    terminal: (io) => [
      ...terminalPicture(heatmap(plane, range), {
        width: Math.min(TERMINAL, (io.columns ?? 80) - 2),
        colors: terminalColours(io, true),
      }),
      io.colours.dim(note),
    ],
    html: async (options) =>
      (await import("../../views/drawings.ts")).soundHtml({ plane, heard, range, sound, meaning }, options),
    figure: async (options) =>
      (await import("../../views/drawings.ts")).soundFigure({ plane, heard, range, sound, meaning }, options),
    scale: () => range,
    json: () => ({ steps: steps.map((relevance, t) => ({ second: sound.first + t * sound.step, relevance })) }),
  };
};

/** Time along the width, the highest band on top. */
const turned = (dims: readonly number[], data: Float32Array, time: number, frequency: number): Plane => {
  const stride = (axis: number) => dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const [width, height] = [dims[time]!, dims[frequency]!];
  const values = new Float32Array(width * height);
  for (let f = 0; f < height; f++)
    for (let t = 0; t < width; t++) values[(height - 1 - f) * width + t] = data[t * stride(time) + f * stride(frequency)]!;
  return { width, height, values };
};
