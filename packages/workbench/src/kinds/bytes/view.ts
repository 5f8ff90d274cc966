/** A hex dump on coloured grounds. */

import { hexRows, limitOf, signed, sumsByPosition, terminalHex, typeset } from "@backlit/core";
import { terminalColours } from "../../host/surface.ts";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { View, ViewContext } from "../../views/view.ts";

const [ROWS_IN_TERMINAL, ROWS_IN_FIGURE, ROWS_IN_PAGE] = [24, 32, 2048];

/** Undefined when the INPUT is no file of bytes, or what is explained has no axis of them. */
export const bytesView = (
  { sample }: ExplainedRow,
  { relevances, target }: ExplainedMap,
  { explained }: ViewContext,
): View | undefined => {
  const { bytes } = sample;
  const relevance = relevances[explained[0]!]!;
  if (!bytes || (relevance.dims[0] ?? 0) < bytes.length) return undefined;
  // [L] of byte values, or [L, D] of their embeddings.
  const all = sumsByPosition(relevance);
  const values = all.subarray(0, bytes.length);
  const sum = (part: Float32Array) => part.reduce((a, b) => a + b, 0);
  const padding = all.length - values.length;
  const sides = sidesOf(target);
  const notes = [
    `Σ R of ${bytes.length} bytes ${signed(sum(values))}`,
    ...(padding > 0 ? [`Σ R of ${padding} bytes of padding ${signed(sum(all.subarray(bytes.length)))}`] : []),
  ];
  return {
    what: "a file of bytes",
    terminal: (io) => [
      ...terminalHex(hexRows(bytes, values, ROWS_IN_TERMINAL), terminalColours(io)),
      io.colours.dim(notes.join(", ")),
    ],
    html: async ({ scale } = {}) => {
      const { hexHtml, legendHtml } = await import("../../views/drawings.ts");
      return {
        body: hexHtml(hexRows(bytes, values, ROWS_IN_PAGE), scale?.limit),
        legend: legendHtml({ limit: limitOf(values), notes, sides }, scale),
      };
    },
    figure: async ({ title, otherwise, scale } = {}) =>
      (await import("../../views/drawings.ts")).hexFigure(hexRows(bytes, values, ROWS_IN_FIGURE), {
        ...(title !== undefined && { title, ...(otherwise !== undefined && { otherwise }) }),
        ...(scale && { limit: scale.limit, legend: false }),
        sides,
        lines: notes.map(typeset),
      }),
    scale: () => ({ limit: limitOf(values), signed: true }),
    json: () => ({ bytes: { length: bytes.length, relevance: Array.from(values) } }),
  };
};
