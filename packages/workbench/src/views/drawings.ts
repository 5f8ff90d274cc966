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
  htmlLegend,
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
export { writeFigure } from "./write-figure.ts";
