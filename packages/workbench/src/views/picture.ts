/** Heatmaps as pictures: PNG files, and half blocks in the terminal. What is no other kind is one, or a chart of one axis. */
import { encodePng, html, htmlLegend, rangeOf } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "../rows/explained.ts";
import { base64 } from "../words/base64.ts";
import { drawHeatmap, drawTerminal, planeOfMap, seenPicture } from "./heatmap.ts";
import type { View, ViewContext } from "./view.ts";

export const pictureView = (row: ExplainedRow, map: ExplainedMap, { explained, preprocessor, drawing }: ViewContext): View => {
  const value = explained[0]!;
  const arrangement = drawing?.[value];
  const raster: View["raster"] = (subtitle = "", { input } = {}) =>
    drawHeatmap(row, map, value, { subtitle, preprocessor, arrangement, input });
  return {
    what: "a picture",
    needsColours: true,
    terminal: (io) => drawTerminal(map, value, arrangement, io),
    html: () => ({
      body: String(
        html`<img alt="input, relevance, and relevance over the input" src="data:image/png;base64,${base64(encodePng(raster("")))}">`,
      ),
      legend: htmlLegend(rangeOf(planeOfMap(map.relevances[value]!, arrangement)).limit, ["sums over channels, per pixel"]),
    }),
    raster,
    data: () => {
      const seen = seenPicture(row, value, preprocessor);
      return { kind: "picture", plane: planeOfMap(map.relevances[value]!, arrangement), ...(seen && { seen }) };
    },
  };
};
