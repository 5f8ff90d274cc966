/** What every face of backlit stands on: samples, rows, views, reports. It names no process, file system, page or terminal. */
export {
  type Answer,
  buffersOf,
  type Call,
  type Created,
  copied,
  type Ready,
  type Request,
  receivedError,
  sentError,
} from "./host/messages.ts";
export type { Voice } from "./host/voice.ts";
export { type ByteInput, byteInputOf } from "./models/byte-input.ts";
export { dimsOf, hasFreeBatch, modelInputs, pictureInput, shapeOf } from "./models/inputs.ts";
export { consistencyLine, mapConsistency } from "./report/consistency.ts";
export { completenessOf, DIFFERENCE, differenceLine } from "./report/difference.ts";
export { evaluationReport } from "./report/evaluation-report.ts";
export { ledgerLines, summarize } from "./report/ledger.ts";
export { methodList, methodPage } from "./report/method-card.ts";
export { methodsPage } from "./report/methods-page.ts";
export { imputerList, metricList, metricPage } from "./report/metric-card.ts";
export { metricsPage } from "./report/metrics-page.ts";
export { suggest } from "./report/nearest.ts";
export { amount, bar, bytes, percent, seconds } from "./report/numbers.ts";
export { type ReadingDocument, readingDocument, readingLine, readingLines, readingOf } from "./report/reading.ts";
export { describeRecipe } from "./report/recipe.ts";
export { type Column, shorten, table } from "./report/table.ts";
export { batchesOf } from "./rows/batches.ts";
export {
  drawingOf,
  type ExplainedMap,
  type ExplainedRow,
  mapValues,
  samplesFirst,
  statistics,
  takeApart,
} from "./rows/explained.ts";
export { type RankedClass, titleOf, topClasses } from "./rows/top.ts";
export { completed } from "./samples/complete.ts";
export { concatenate, rowOf } from "./samples/feeds.ts";
export { fitted } from "./samples/fitted.ts";
export { noTokenizer, type Reading, readLoaded } from "./samples/loaded.ts";
export type { LoadedInput } from "./samples/loaded-input.ts";
export { type Looks, looksLike } from "./samples/looks-like.ts";
export type { Sample, TextSample } from "./samples/sample.ts";
export { isNumber, readCsv } from "./samples/table/csv.ts";
export { tableSamples } from "./samples/table/samples.ts";
export { isText } from "./samples/table/types.ts";
export { fixedLength, tokenFeeds, tokenInput, tokenRole } from "./samples/text/feeds.ts";
export { truncate } from "./samples/text/truncate.ts";
export { figureOf } from "./views/figure.ts";
export { drawFilm } from "./views/film.ts";
export { drawHeatmap } from "./views/heatmap.ts";
export { viewOf } from "./views/index.ts";
export type { View, ViewContext } from "./views/view.ts";
