export { encodePng, fewColours } from "../formats/png/encode.ts";
export type { Raster } from "../formats/raster.ts";
export { type Bar, signMark, strongest, terminalBars } from "./bars.ts";
export { type ColorMap, colorAt, diverging, divergingDark, sequential, sequentialDark } from "./colour/colormap.ts";
export {
  below,
  beside,
  type Coarseness,
  FINE,
  type Figure,
  type Mark,
  moved,
  type TextMark,
  type Tone,
} from "./figure/figure.ts";
export { type HexFigureOptions, hexFigure } from "./figure/hex-figure.ts";
export { type DrawnText, foreignTexts, inOwnFont, type Letters, letterKey } from "./figure/letters.ts";
export { type PairFigureOptions, type PairLine, type PairSide, pairFigure } from "./figure/pair-figure.ts";
export { figurePdf, inPdfFonts } from "./figure/pdf-figure.ts";
export { figureRaster, LETTER_SIZE, photosIn } from "./figure/raster-figure.ts";
export { figureSvg } from "./figure/svg-figure.ts";
export { roomFor } from "./figure/text-size.ts";
export { type WordsFigureOptions, wordsFigure } from "./figure/words-figure.ts";
export { type HexCell, type HexRow, hexRows } from "./hex.ts";
export { hexHtml } from "./html/hex-views.ts";
export { Html, html, joinHtml, type Part as HtmlPart, raw as rawHtml } from "./html/html.ts";
export { colourGradient, htmlDocument, htmlLegend, htmlPage, type Page, type PageClass, type PageSection } from "./html/page.ts";
export { tableHtml } from "./html/table-html.ts";
export { wordsHtml } from "./html/words-html.ts";
export { COLORMAPS, checkLook, coloursOf, isDark, type Look, STYLES } from "./look.ts";
export { percent } from "./percent.ts";
export { type LegendOptions, legend, percentAtEnd, type Sides } from "./picture/legend.ts";
export { ABOVE, drawnMaps, type PictureMap, type PictureOptions, pictureFigure } from "./picture/picture-figure.ts";
export { sharedRange, shownPlane, shownRange, shownSlices, withoutDots } from "./picture/shown.ts";
export {
  firstShare,
  legendLines,
  limitOf,
  matrixLimit,
  type Piece,
  piecesOf,
  type SpecialToken,
  specialTokens,
  wordsLimit,
} from "./pieces.ts";
export { printable, printableText } from "./printable.ts";
export { createRaster, fromPixels, scale as scaleRaster, shrunk } from "./raster/canvas.ts";
export { type GridOptions, grid } from "./raster/grid.ts";
export { heatmap } from "./raster/heatmap.ts";
export type { Area } from "./raster/outline.ts";
export { type Box, overlay } from "./raster/overlay.ts";
export { cells, type Plane, planeOf, type Range, type Relevance, rangeOf } from "./raster/plane.ts";
export { strip } from "./raster/strip.ts";
export { type Bucket, bucketsOf, channelsOf, type Series, seriesLimit, stepSums } from "./series.ts";
export { signed, signedBeside, signedNumber, typeset } from "./signed.ts";
export { type BarChartOptions, barChart, barFigure } from "./svg/bar-chart.ts";
export { type EffectCurve, effectChart, type ImportanceBar, importanceChart } from "./svg/effects/index.ts";
export { inBox } from "./svg/in-box.ts";
export { type Matrix, matrixChart, matrixFigure } from "./svg/matrix-chart.ts";
export {
  beeswarm,
  byMean,
  decisionPath,
  dependence,
  meanBars,
  type RowsChartOptions,
  type RowsTable,
  rowsHeatmap,
  waterfall,
} from "./svg/rows/index.ts";
export { type SeriesChartOptions, seriesChart, seriesFigure } from "./svg/series-chart.ts";
export { ticks } from "./svg/svg.ts";
export { tickMarks } from "./svg/tick-marks.ts";
export { type TerminalOptions, terminalPicture } from "./terminal/terminal.ts";
export { terminalHex } from "./terminal/terminal-hex.ts";
export { terminalMatrix } from "./terminal/terminal-matrix.ts";
export { terminalSeries } from "./terminal/terminal-series.ts";
export { terminalWords } from "./terminal/terminal-words.ts";
