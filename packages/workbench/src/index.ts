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
export { type Bundle, openModel } from "./models/open.ts";
export { weightHashes, contentsOf, weightBytes, folderData } from "./models/weight-files.ts";
export { type JudgingSession, openSession, type SessionOptions } from "./jobs/evaluate/session.ts";
export { usualImputers } from "./jobs/evaluate/usual-imputers.ts";
export { settingTitle, scoreTables } from "./report/score-table.ts";
export { referencesFor } from "./jobs/evaluate/references.ts";
export { choice, known } from "./report/known.ts";
export { ALLOWANCES, loadAllowed } from "./models/allowed.ts";
export { readSeed, readTargets } from "./jobs/classes.ts";
export { checkSet, checkFilesBeside } from "./jobs/unread.ts";
export { comparisonText } from "./report/comparison-table.ts";
export { type Prepared, prepare } from "./jobs/prepare.ts";
export { scoresCsv, scoresParquet } from "./report/score-rows.ts";
export { examplesOf } from "./jobs/evaluate/examples.ts";
export { defaultMethods, readMethods } from "./jobs/evaluate/methods.ts";
export { readSettings, type SettingOptions } from "./jobs/evaluate/settings.ts";
export { describeWork, rowProgress, describeRows } from "./jobs/row-progress.ts";
export { explainDocument } from "./jobs/explain/document.ts";
export { outputFiles } from "./jobs/explain/files.ts";
export { sayExplained } from "./jobs/explain/words.ts";
export { readReferences } from "./jobs/references.ts";
export { type ConfigFiles } from "./models/config-files.ts";
export { type Found, findModel } from "./models/find.ts";
export { openTokenizer, type TextTokenizer } from "./samples/text/tokenizer.ts";
export { type LoadOptions, loadInput } from "./samples/load-input.ts";
export { classesOf } from "./data/classes.ts";
export { type DataSet } from "./data/item.ts";
export { readLabelFile } from "./data/labels.ts";
export { openData } from "./data/open.ts";
export { readyData } from "./data/samples.ts";
