/** What draws figures, pages and their files: loaded when something is drawn, so that a page that only explains does not fetch it. */
export {
  ABOVE,
  barChart,
  barFigure,
  beside,
  drawnMaps,
  figureSvg,
  hexFigure,
  hexHtml,
  matrixChart,
  matrixFigure,
  pairFigure,
  pictureFigure,
  seriesChart,
  seriesFigure,
  tableHtml,
  wordsFigure,
  wordsHtml,
} from "@backlit/core";
export { atWidths, scrolling } from "../report/widths.ts";
export { dataUri } from "./data-uri.ts";
export { soundFigure, soundHtml } from "./frames.ts";
export { greys } from "./greys.ts";
export { headingLines, headingOf } from "./heading.ts";
export { legendHtml, withLegend } from "./legend.ts";
export { partsFigure, partsHtml } from "./parts.ts";
export { slicesFigure, slicesHtml } from "./slices.ts";
export { withNote } from "./with-note.ts";
export { writeFigure } from "./write-figure.ts";
