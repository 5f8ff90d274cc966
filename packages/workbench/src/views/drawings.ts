/** What draws figures, pages and their files: loaded when something is drawn, so that a page that only explains does not fetch it. */
export {
  ABOVE,
  barChart,
  barFigure,
  below,
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
export { framesFigure } from "./frames.ts";
export { greys } from "./greys.ts";
export { headingLines, headingOf } from "./heading.ts";
export { legendHtml, withLegend } from "./legend.ts";
export { slicesFigure } from "./slices.ts";
export { withNote } from "./with-note.ts";
export { writeFigure } from "./write-figure.ts";
