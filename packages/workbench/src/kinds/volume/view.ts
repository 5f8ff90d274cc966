/** Volumes: slices side by side, what the model saw above their relevance; all under one range of colours. */
import {
  arranged,
  coloursOf,
  type FloatTensor,
  heatmap,
  type Plane,
  type Range,
  rangeOf,
  shownSlices,
  signed,
  terminalPicture,
  toFloat32,
} from "@backlit/core";
import { terminalColours } from "../../host/surface.ts";
import { arrangedMap, type ExplainedMap, type ExplainedRow } from "../../rows/explained.ts";
import { joinedOf } from "../../views/joined.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";

const [SLICES, TERMINAL] = [8, 40];

/** Undefined unless three axes of the explained value lie in space. */
export const volumeView = (
  row: ExplainedRow,
  map: ExplainedMap,
  { explained, drawing, pictures, visits, look = {} }: ViewContext,
): View | undefined => {
  const name = explained[0]!;
  const arrangement = drawing?.[name];
  const { dims, data } = arrangedMap(map.relevances[name]!, arrangement);
  if (arrangement?.kind !== "space" || dims.length !== 4) return undefined;
  const [channels, depth, height, width] = dims as [number, number, number, number];
  const saved = planesOf({ channels, depth, height, width }, data);
  const { slices: relevance, lines } = shownSlices(saved, look, visits?.[name]);
  const given = row.sample.feeds[name];
  const from = (row.index ?? 0) * data.length;
  const seen =
    given && given.data.length >= from + data.length
      ? arranged(toFloat32(given) as FloatTensor, arrangement).data.subarray(from, from + data.length)
      : undefined;
  const input = seen && planesOf({ channels, depth, height, width }, seen);
  const range = rangeOf({ width: width * height, height: depth, values: joinedOf(relevance) });
  const sums = saved.map(({ values }) => values.reduce((sum, v) => sum + v, 0));
  const sizes = saved.map(({ values }) => values.reduce((sum, v) => sum + Math.abs(v), 0));
  const strongest = sizes.indexOf(sizes.reduce((a, b) => Math.max(a, b), 0));
  const shown = Array.from({ length: Math.min(SLICES, depth) }, (_, i) =>
    Math.round((i * (depth - 1)) / Math.max(1, Math.min(SLICES, depth) - 1)),
  );
  const mapsOf = (limit?: Pick<Range, "limit" | "signed">) => shown.map((k) => heatmap(relevance[k]!, { ...range, ...limit }));
  const note = `${depth} slices, most relevance in slice ${strongest} (Σ R ${signed(sums[strongest]!)} of ${signed(sums.reduce((a, b) => a + b, 0))})`;
  const meaning = {
    limit: range.limit,
    notes: [note, "sums over channels, per voxel", ...lines],
    sides: sidesOf(map.target),
    colors: coloursOf({}, range),
  };
  return {
    what: "a volume",
    one: true,
    looks: ["dots"],
    needsColours: true,
    terminal: (io) => [
      ...terminalPicture(heatmap(relevance[strongest]!, range), {
        width: Math.min(TERMINAL, (io.columns ?? 80) - 2),
        colors: terminalColours(io, true),
      }),
      io.colours.dim(note),
    ],
    html: async ({ scale, input: beside = true } = {}) => {
      const { legendHtml, slicesHtml } = await import("../../views/drawings.ts");
      const body = await slicesHtml({ shown, maps: mapsOf(scale), seen: beside ? input : undefined }, pictures);
      return { body, legend: legendHtml(meaning, scale) };
    },
    figure: async ({ scale, ...heading } = {}) => {
      const { slicesFigure, withLegend } = await import("../../views/drawings.ts");
      return withLegend(slicesFigure({ shown, maps: mapsOf(scale), seen: input }, heading), meaning, scale);
    },
    scale: () => range,
    json: () => ({ slices: sums }),
  };
};

interface Sizes {
  readonly channels: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
}

/** Σ over channels, slice by slice. */
const planesOf = ({ channels, depth, height, width }: Sizes, data: Float32Array): readonly Plane[] => {
  const size = height * width;
  return Array.from({ length: depth }, (_, k) => {
    const values = new Float32Array(size);
    for (let c = 0; c < channels; c++) for (let i = 0; i < size; i++) values[i]! += data[(c * depth + k) * size + i]!;
    return { width, height, values };
  });
};
