/** The document of `explain --json`. Its keys are a contract: they are added to, never renamed. */
import { type Consistency, VERSION } from "@backlit/core";
import {
  completenessOf,
  DIFFERENCE,
  type ExplainedMap,
  type ExplainedRow,
  mapConsistency,
  mapValues,
  readingOf,
  statistics,
  summarize,
  viewOf,
} from "@backlit/workbench";
import type { Explained } from "./explain.ts";
import { heatmapsOf, picturePaths } from "./explain-files.ts";
import { contextOf } from "./explain-page.ts";

export const explainDocument = (explained: Explained, notices: readonly string[]) => {
  const { bundle, options, rows, plan, explanations, timings, sha256, runtime } = explained;
  const [first] = explanations;
  const perRow = rows[0]?.maps.length ?? 1;
  return {
    version: VERSION,
    model: { name: bundle.name, path: bundle.path, sha256 },
    output: plan.output,
    explained: plan.explained,
    reading: { output: readingOf(plan.reading) },
    ...(explained.conditions && { conditions: explained.conditions, only: options.only === true }),
    inputs: rows.map((row) => inputOf(row, explained)),
    recipe: first!.recipe,
    hash: first!.hash,
    files: {
      ...(options.relevance !== undefined && { relevance: options.relevance }),
      ...(options.heatmap !== undefined && { heatmaps: heatmapsOf(options.heatmap, explained) }),
      ...(options.spread !== undefined && { spread: picturePaths(options.spread, rows.length, perRow) }),
      ...(options.frames !== undefined && { frames: picturePaths(options.frames, rows.length, perRow) }),
      ...(options.report !== undefined && { report: options.report }),
      ...(typeof options.ledger === "string" && { ledger: options.ledger }),
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

const inputOf = (row: ExplainedRow, explained: Explained) => {
  const { sample, index, top, maps } = row;
  return {
    file: sample.file,
    ...(index !== undefined && { row: index }),
    top,
    ...mapOf(row, maps[0]!, explained),
    ...(maps.length > 1 && { maps: maps.map((map) => mapOf(row, map, explained)) }),
  };
};

const mapOf = (row: ExplainedRow, map: ExplainedMap, explained: Explained) => {
  const { target, relevances, layers, ledger, note, spread, details } = map;
  const complete = completenessOf(map);
  const consistency = explained.options.consistency && mapConsistency(map);
  const whole = explained.options.ledger !== undefined;
  const all = mapValues(relevances, statistics);
  const [first, ...others] = Object.values(all);
  return {
    target: target.index,
    label: target.label ?? null,
    probability: target.probability ?? null,
    note: note ?? null,
    ...(complete && { explains: DIFFERENCE, completeness: complete }),
    ...(consistency && { consistency: consistencyDocument(consistency) }),
    seed: ledger?.seed ?? null,
    arrived: Object.values(all).reduce((sum, one) => sum + one.sum, 0),
    relevance: first!,
    ...(others.length > 0 && { relevances: all }),
    ...(spread && { spread: statistics(spread) }),
    ...(details && { details }),
    ...viewOf(row, map, contextOf(explained)).json?.(),
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
