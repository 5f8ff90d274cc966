/** The document of `explain --json`. Its keys are a contract: they are added to, never renamed. */
import { type Consistency, VERSION } from "@backlit/core";
import { viewOf } from "../../kinds/view-of.ts";
import { mapConsistency } from "../../report/consistency.ts";
import { completenessOf, DIFFERENCE } from "../../report/difference.ts";
import { summarize } from "../../report/ledger.ts";
import { readingOf } from "../../report/reading.ts";
import { type ExplainedMap, type ExplainedRow, mapValues, statistics } from "../../rows/explained.ts";
import { oneByOne } from "../../rows/one-by-one.ts";
import { type ExplainFiles, heatmapsOf, picturePaths } from "./files.ts";
import { contextOf } from "./page.ts";
import type { ExplainResult } from "./result.ts";

/** `files`: what is written of it. */
export const explainDocument = (result: ExplainResult, files: ExplainFiles, notices: readonly string[]) => {
  const { model, output, explained, reading, rows, explanations, recipe, hash, timings, runtime } = result;
  const [first] = explanations;
  const shown = oneByOne(rows, files.rows).length;
  const perRow = rows[0]?.maps.length ?? 1;
  return {
    version: VERSION,
    model: { name: model.name, path: model.path, sha256: model.sha256 },
    output,
    explained,
    reading: { output: readingOf(reading) },
    ...(result.conditions && { conditions: result.conditions, only: result.only === true }),
    inputs: rows.map((row) => inputOf(row, result)),
    recipe,
    hash,
    files: {
      ...(files.relevance !== undefined && { relevance: files.relevance }),
      ...(files.heatmap !== undefined && { heatmaps: heatmapsOf(files.heatmap, result, files.rows) }),
      ...(files.spread !== undefined && { spread: picturePaths(files.spread, shown, perRow) }),
      ...(files.frames !== undefined && { frames: picturePaths(files.frames, shown, perRow) }),
      ...(files.report !== undefined && { report: files.report }),
      ...(typeof files.ledger === "string" && { ledger: files.ledger }),
    },
    timings: {
      ...mapValues(timings, milliseconds),
      ...mapValues(first!.timings, milliseconds),
      run: milliseconds(explanations.reduce((sum, e) => sum + e.timings.run, 0)),
    },
    runtime,
    notices,
  };
};

const inputOf = (row: ExplainedRow, result: ExplainResult) => {
  const { sample, index, top, maps } = row;
  return {
    file: sample.file,
    ...(index !== undefined && { row: index }),
    top,
    ...mapOf(row, maps[0]!, result),
    ...(maps.length > 1 && { maps: maps.map((map) => mapOf(row, map, result)) }),
  };
};

const mapOf = (row: ExplainedRow, map: ExplainedMap, result: ExplainResult) => {
  const { target, found, relevances, layers, ledger, note, spread, details } = map;
  const complete = completenessOf(map);
  const consistency = result.asked.consistency && mapConsistency(map);
  const whole = result.asked.ledger;
  const all = mapValues(relevances, statistics);
  const [first, ...others] = Object.values(all);
  return {
    target: target.index,
    label: target.label ?? null,
    probability: target.probability ?? null,
    ...(target.logit !== undefined && { logit: target.logit }),
    ...(target.value !== undefined && { value: target.value }),
    ...(target.unit !== undefined && { unit: target.unit }),
    ...(found && { found }),
    note: note ?? null,
    ...(complete && { explains: DIFFERENCE, completeness: complete }),
    ...(consistency && { consistency: consistencyDocument(consistency) }),
    seed: ledger?.seed ?? null,
    arrived: Object.values(all).reduce((sum, one) => sum + one.sum, 0),
    relevance: first!,
    ...(others.length > 0 && { relevances: all }),
    ...(spread && { spread: statistics(spread) }),
    ...(details && { details }),
    ...(map.ordinary && { ordinary: map.ordinary }),
    ...viewOf(row, map, contextOf(result)).json?.(),
    ...(Object.keys(layers).length > 0 && { layers: mapValues(layers, statistics) }),
    ...(ledger && { ledger: { ...summarize(ledger, map), ...(whole && { entries: ledger.entries }) } }),
  };
};

const consistencyDocument = ({ gap, positivity, conservative, positive, consistent }: Consistency) => ({
  gap,
  positivity,
  conservative,
  positive,
  consistent,
});

const milliseconds = (value: number): number => Math.round(value * 10) / 10;
