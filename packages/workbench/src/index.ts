/** What every face of backlit stands on: samples, rows, views, reports. It names no process, file system, page or terminal. */

export { classesOf } from "./data/classes.ts";
export type { DataSet } from "./data/item.ts";
export { readLabelFile } from "./data/labels.ts";
export { openData } from "./data/open.ts";
export { readyData } from "./data/samples.ts";
export { defineInput, type InputKind } from "./extend/input.ts";
export { figureOf } from "./figures/figure.ts";
export { drawFilm } from "./figures/film.ts";
export { drawnOrMissing } from "./host/drawn-text.ts";
export { type FileInfo, type Files, memoryFiles, readInput } from "./host/files.ts";
export { type Bundled, type Host, type KeptStore, oneEngine, oneRuntime, type Pictures, type Runtimes } from "./host/host.ts";
export { type Listener, silent } from "./host/listener.ts";
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
  type Tensors,
} from "./host/messages.ts";
export type { Colours, Surface } from "./host/surface.ts";
export { type AnswerOf, type CallOf, TaskThread, type Thread, threadOf } from "./host/task-thread.ts";
export { urlFiles } from "./host/url-files.ts";
export { completed } from "./inputs/complete.ts";
export { checksOf, type Findings } from "./jobs/audit/checks.ts";
export type { Audit, AuditScore, Preflight } from "./jobs/audit/document.ts";
export { type AuditRequest, auditJob, nameOf, type VerifyRequest, verifyJob } from "./jobs/audit/job.ts";
export { ledgerStatistics, quantilesOf } from "./jobs/audit/ledger.ts";
export { limitsOf } from "./jobs/audit/limits.ts";
export { auditIn, auditPage } from "./jobs/audit/page.ts";
export { auditReport } from "./jobs/audit/report.ts";
export { differencesOf, rounded } from "./jobs/audit/seal.ts";
export { askedAgain, readAudit, reproduced, sameFiles, sameReferences, sealed, type Verified } from "./jobs/audit/verify.ts";
export { readSeed, readTargets } from "./jobs/classes.ts";
export { clusterPage } from "./jobs/cluster/page.ts";
export type {
  ClusterCandidate,
  ClusteredClass,
  ClusterPictures,
  ClusterResult,
  ClusterTile,
} from "./jobs/cluster/result.ts";
export { EMBEDDINGS, type Embedding } from "./jobs/cluster/result.ts";
export { type ClusterRequest, clusterJob } from "./jobs/cluster/run.ts";
export type { VirelayAnalysis, VirelayProject, VirelayRows } from "./jobs/cluster/virelay/project.ts";
export { clusterReport } from "./jobs/cluster/words.ts";
export { readResult } from "./jobs/compare/result-file.ts";
export { type CompareRequest, compareJob } from "./jobs/compare/run.ts";
export { seenThroughPixels } from "./jobs/compile/pixels.ts";
export { type CompileChecks, type CompileRequest, type CompileResult, compileJob } from "./jobs/compile/run.ts";
export { artefactPaths } from "./jobs/compile/store.ts";
export { compileReport } from "./jobs/compile/words.ts";
export type { Atlas, AtlasAsked, AtlasChannel, AtlasTile } from "./jobs/concepts/atlas/result.ts";
export { conceptsPage } from "./jobs/concepts/page.ts";
export { type ConceptsRequest, type ConceptsResult, conceptsJob } from "./jobs/concepts/run.ts";
export { conceptScores } from "./jobs/concepts/scores.ts";
export { conceptsReport } from "./jobs/concepts/words.ts";
export type { DataSetRequest } from "./jobs/data-set.ts";
export { type DependenceRequest, type DependenceResult, dependenceJob } from "./jobs/effects/dependence.ts";
export { dependenceFiles, type EffectsFiles, importanceFiles } from "./jobs/effects/files.ts";
export { type ImportanceRequest, type ImportanceResult, importanceJob } from "./jobs/effects/importance.ts";
export { dependenceReport, importanceReport } from "./jobs/effects/told.ts";
export { examplesOf } from "./jobs/evaluate/examples.ts";
export { defaultMethods, readMethods } from "./jobs/evaluate/methods.ts";
export { referencesFor } from "./jobs/evaluate/references.ts";
export { type EvaluateRequest, type EvaluateResult, evaluateJob } from "./jobs/evaluate/run.ts";
export { type JudgeRequest, type JudgingSession, openSession } from "./jobs/evaluate/session.ts";
export { type SettingsRequest, settingsOf } from "./jobs/evaluate/settings.ts";
export { usualImputers } from "./jobs/evaluate/usual-imputers.ts";
export { type ChartsOfRows, chartsOfRows } from "./jobs/explain/charts.ts";
export { conditionOf } from "./jobs/explain/conditions.ts";
export { explainDocument } from "./jobs/explain/document.ts";
export { type ExplainFiles, explainFiles } from "./jobs/explain/files.ts";
export { explainFolder, type FolderRequest, type FolderResult } from "./jobs/explain/folder/run.ts";
export { explainPage } from "./jobs/explain/page.ts";
export { pairFiles } from "./jobs/explain/pair/files.ts";
export { type PairResult, type PairRow, pairDocument, pairIn, pairJob, pairReport } from "./jobs/explain/pair/run.ts";
export type { ExplainRequest, ExplainResult } from "./jobs/explain/result.ts";
export { explainJob } from "./jobs/explain/run.ts";
export { type ExplainTold, type ExplainWords, explainReport } from "./jobs/explain/words.ts";
export { engines } from "./jobs/export/engines/index.ts";
export { type ExportRequest, type ExportResult, exportJob } from "./jobs/export/run.ts";
export type { GroupsAsked, NamedGroups } from "./jobs/groups.ts";
export { type JobName, type JobRequest, type JobResult, jobNames, runJob } from "./jobs/index.ts";
export { type InitRequest, type InitResult, initJob } from "./jobs/init/run.ts";
export { type InspectRequest, type InspectResult, inspectJob } from "./jobs/inspect/run.ts";
export { inspectReport, questionReport } from "./jobs/inspect/words.ts";
export { type OutputFile, wholeFile } from "./jobs/output.ts";
export { choicesOf, type Prepared, prepare } from "./jobs/prepare.ts";
export { readRecipe } from "./jobs/recipe-file.ts";
export { readReferences } from "./jobs/references.ts";
export { type RepairConcept, type RepairRequest, type RepairResult, repairJob } from "./jobs/repair/run.ts";
export type { ChoiceRequest, InputsRequest, JobContext, ModelRequest } from "./jobs/request.ts";
export { type SubspacesDocument, type SubspacesRequest, type SubspacesResult, subspacesJob } from "./jobs/subspaces/run.ts";
export { type TuneRequest, tuneJob } from "./jobs/tune/run.ts";
export { tuneReport } from "./jobs/tune/words.ts";
export { type UnitJobName, type UnitJobRequest, type UnitKind, unitKinds } from "./jobs/units/index.ts";
export type { Collected, Units } from "./jobs/units/units.ts";
export { checkFilesBeside, checkSet, passesCard } from "./jobs/unread.ts";
export { fitted } from "./kinds/array/fitted.ts";
export { decodePicture } from "./kinds/decode-picture.ts";
export type { DefinedReader, ReadTo } from "./kinds/defined-reader.ts";
export type { Drawer, LoadOptions, Reading } from "./kinds/kind.ts";
export { loadInput } from "./kinds/load-input.ts";
export { readLoaded } from "./kinds/loaded.ts";
export type { LoadedInput } from "./kinds/loaded-input.ts";
export type { Looks } from "./kinds/looks.ts";
export { looksLike } from "./kinds/looks-like.ts";
export { checkPixels, type PictureOptions } from "./kinds/picture/decode.ts";
export { boxInShares } from "./kinds/picture/heatmap.ts";
export { isNumber, readCsv } from "./kinds/table/csv.ts";
export { tableSamples } from "./kinds/table/rows.ts";
export { isText } from "./kinds/table/types.ts";
export { fixedLength, tokenFeeds, tokenInput, tokenRole } from "./kinds/text/feeds.ts";
export { noTokenizer } from "./kinds/text/no-tokenizer.ts";
export { openTokenizer, type TextTokenizer } from "./kinds/text/tokenizer.ts";
export { truncate } from "./kinds/text/truncate.ts";
export { viewOf } from "./kinds/view-of.ts";
export { type Allowed, TOKENIZER_SECONDS } from "./models/allowed.ts";
export { type ByteInput, byteInputOf } from "./models/byte-input.ts";
export type { ConfigFiles } from "./models/config-files.ts";
export { type Found, findModel } from "./models/find.ts";
export { dimsOf, hasFreeBatch, modelInputs, pictureInput, shapeOf } from "./models/inputs.ts";
export { loadBundle, sourceOf } from "./models/load.ts";
export { type Bundle, openModel } from "./models/open.ts";
export type { Input } from "./open/input.ts";
export {
  choiceRequestOf,
  modelIn,
  type OpenModel,
  type OpenOptions,
  openBundle,
  openWith,
  type WhyOptions,
} from "./open/model.ts";
export { type DrawnView, type TargetMap, type Why, whysOf } from "./open/why.ts";
export { comparisonText } from "./report/comparison-table.ts";
export { consistencyLine, mapConsistency } from "./report/consistency.ts";
export { completenessOf, DIFFERENCE, differenceLine } from "./report/difference.ts";
export { evaluationReport } from "./report/evaluation-report.ts";
export { ledgerLines, summarize } from "./report/ledger.ts";
export { methodList, methodPage } from "./report/method-card.ts";
export { methodsPage } from "./report/methods-page.ts";
export { imputerList, metricList, metricPage } from "./report/metric-card.ts";
export { metricsPage } from "./report/metrics-page.ts";
export { amount, bar, bytes, percent, seconds } from "./report/numbers.ts";
export { type ReadingDocument, readingDocument, readingLine, readingLines, readingOf } from "./report/reading.ts";
export { describeRecipe } from "./report/recipe.ts";
export { scoresCsv, scoresParquet } from "./report/score-rows.ts";
export { scoreTables, settingTitle } from "./report/score-table.ts";
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
export { concatenate, rowOf } from "./samples/feeds.ts";
export type { Sample, TextSample } from "./samples/sample.ts";
export type { FigureOptions, HtmlParts, Scale, View, ViewContext, ViewData } from "./views/view.ts";
export { type FigureFormat, type FigureWriting, writeFigure } from "./views/write-figure.ts";
export { choice, known } from "./words/known.ts";
export { knownMetric } from "./words/known-metric.ts";
export { literal } from "./words/literal.ts";
export { suggest } from "./words/nearest.ts";
export { describeRows, describeWork, rowProgress } from "./words/progress.ts";
