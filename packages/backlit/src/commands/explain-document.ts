/** The document of `explain --json`. Its keys are a contract: they are added to, never renamed. */
import { VERSION } from "@backlit/core";
import { type ExplainedMap, type ExplainedRow, mapValues, statistics } from "../explained.ts";
import { summarize } from "../report/ledger.ts";
import type { Explained } from "./explain.ts";
import { heatmapPaths } from "./explain-files.ts";

export const explainDocument = (explained: Explained, notices: readonly string[]) => {
  const { bundle, options, rows, plan, explanations, timings, sha256, runtime } = explained;
  const [first] = explanations;
  const perRow = rows[0]?.maps.length ?? 1;
  return {
    version: VERSION,
    model: { name: bundle.name, path: bundle.path, sha256 },
    output: plan.output,
    explained: plan.explained,
    inputs: rows.map((row) => inputOf(row, options.ledger !== undefined)),
    recipe: first!.recipe,
    hash: first!.hash,
    files: {
      ...(options.relevance !== undefined && { relevance: options.relevance }),
      ...(options.heatmap !== undefined && { heatmaps: heatmapPaths(options.heatmap, rows.length, perRow) }),
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

const inputOf = ({ sample, index, top, maps }: ExplainedRow, whole: boolean) => ({
  file: sample.file,
  ...(index !== undefined && { row: index }),
  top,
  ...mapOf(maps[0]!, whole),
  ...(maps.length > 1 && { maps: maps.map((map) => mapOf(map, whole)) }),
});

const mapOf = ({ target, relevances, layers, ledger }: ExplainedMap, whole: boolean) => {
  const all = mapValues(relevances, statistics);
  const [first, ...others] = Object.values(all);
  return {
    target: target.index,
    label: target.label ?? null,
    probability: target.probability ?? null,
    seed: ledger?.seed ?? null,
    arrived: Object.values(all).reduce((sum, one) => sum + one.sum, 0),
    relevance: first!,
    ...(others.length > 0 && { relevances: all }),
    ...(Object.keys(layers).length > 0 && { layers: mapValues(layers, statistics) }),
    ...(ledger && { ledger: { ...summarize(ledger), ...(whole && { entries: ledger.entries }) } }),
  };
};

const milliseconds = (value: number): number => Math.round(value * 10) / 10;
