/** The perturbation metrics on entries of conformance/metrics, at the stored tolerances. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectScalars, type MetricCase, openCase } from "../../../../test/support/metric-case.ts";
import { zerosLike } from "../../../tensor/float.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { explainingOf, judgeOf, type Measured, metrics } from "../../index.ts";

const cases: Record<string, MetricCase> = {};
beforeAll(async () => {
  for (const name of ["digits-28", "shapes-32", "oracle-vector-5"]) cases[name] = await openCase(name);
});
afterAll(async () => {
  for (const it of Object.values(cases)) await it[Symbol.asyncDispose]();
});

interface Entry {
  readonly metric: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Files of the case, by the name they are given under. */
  readonly given?: Readonly<Record<string, string>>;
  /** Our curves by the entry's names, which end in the score; default: `score`. */
  readonly curves?: Readonly<Record<string, string>>;
  /** Names of our scores where they differ. */
  readonly scores?: Readonly<Record<string, string>>;
}

const flip = { unit: "pixel", imputer: "invert:0:1", aggregate: "sum" };
const cells = { unit: "grid:4", aggregate: "sum" };
const noise = { imputer: "given", repeats: 2 };
const snapshots = { snapshots: "imputers/uniform.npy" };
const road: Entry = {
  metric: "road",
  params: { imputer: "road:0" },
  curves: { morf: "morf", lerf: "lerf", morf_correct: "morf_correct", lerf_correct: "lerf_correct" },
  scores: { mean_probability_morf: "mean_morf", mean_probability_lerf: "mean_lerf", road_combined: "combined" },
};
const irof: Entry = {
  metric: "irof",
  params: { unit: "given" },
  given: { segments: "segments/voronoi.npy" },
  curves: { ratio: "ratio" },
};

const ENTRIES: Readonly<Record<string, Entry>> = {
  "digits-28 pixel-flipping-gradient-x-input-near-zero-first": {
    metric: "pixel-flipping",
    params: { ...flip, order: "near-zero-first" },
    curves: { runner_up: "runner_up" },
  },
  "digits-28 pixel-flipping-lerf-reversed-morf": {
    metric: "pixel-flipping",
    params: { ...flip, order: "lerf-reversed-morf" },
  },
  "digits-28 aopc-morf-uniform-gradient-x-input": { metric: "aopc", params: { ...cells, ...noise }, given: snapshots },
  "digits-28 aopc-random-uniform": {
    metric: "aopc",
    params: { ...cells, ...noise, order: "random" },
    given: { ...snapshots, orders: "orders/random-grid.npy" },
  },
  "digits-28 region-ragged-lerf": {
    metric: "aopc",
    params: { unit: "grid:5", aggregate: "sum", imputer: "mean", order: "lerf" },
  },
  "digits-28 abpc-uniform-gradient-x-input": { metric: "abpc", params: { ...cells, ...noise }, given: snapshots },
  "digits-28 naopc": { metric: "naopc", params: { imputer: "mean" } },
  "oracle-vector-5 naopc": { metric: "naopc", params: { unit: "pixel" } },
  "digits-28 selectivity-fixed": { metric: "selectivity", params: cells },
  "digits-28 selectivity-each-step": {
    metric: "selectivity",
    params: { ...cells, recompute: "each-step" },
    curves: { order: "order" },
  },
  "digits-28 deletion": { metric: "deletion", params: {} },
  "shapes-32 insertion-blur": { metric: "insertion", params: { imputer: "blur:2:6" } },
  "digits-28 insertion-rise-blur": {
    metric: "insertion",
    params: { imputer: "conv" },
    given: { kernel: "imputers/rise-kernel.npy" },
  },
  "digits-28 road-gradient-x-input": road,
  "shapes-32 irof": irof,
  "shapes-32 average-drop": { metric: "average-drop", params: {} },
  "shapes-32 srg-pixel-constant-random": {
    metric: "srg",
    params: { unit: "pixel" },
    given: { orders: "orders/srg-random-1024.npy" },
    curves: { mif: "mif", lif: "lif", random: "random" },
  },
};

test.each(Object.keys(ENTRIES))("%s", async (key) => {
  const [name, id] = key.split(" ") as [string, string];
  const it = cases[name]!;
  const { metric, params, given = {}, curves = {}, scores = {} } = ENTRIES[key]!;
  const entry = it.expected.find((expected) => expected.id === id)!;
  const fallback = name.startsWith("oracle") ? "logit" : "probability";
  const counts = entry.params.checkpoints;
  const steps = Array.isArray(counts) ? counts.join() : "every";
  const judge = await judgeOf(it.lit, it.x, {
    targets: it.targets,
    given: Object.fromEntries(Object.entries(given).map(([as, file]): [string, Tensor] => [as, arrayOf(it, file)])),
  });
  const scoreIn = (text: string) => /_?(logit|probability)$/.exec(text)?.[1] ?? String(entry.params.score ?? fallback);
  const run = (score: string) =>
    judge.measure(
      metrics[metric]!,
      {
        ...(metrics[metric]!.card.parameters.steps && { steps }),
        ...(metrics[metric]!.card.parameters.score && { score }),
        ...params,
      },
      {
        relevance: entry.relevance === undefined ? zerosLike(it.x) : it.heatmap(entry.relevance),
        explaining: explainingOf(it.lit, { method: "gradient-x-input" }, it.targets),
      },
    );
  // Only the scores the entry has numbers of; where it does not say: the logit for closed forms, else the probability.
  const runs = new Map<string, Measured>();
  for (const text of [...Object.keys(entry.scalars), ...Object.keys(entry.curves ?? {})])
    if (!runs.has(scoreIn(text))) runs.set(scoreIn(text), await run(scoreIn(text)));
  expectScalars(entry, (scalar) => {
    const base = scalar.replace(/_(logit|probability)$/, "");
    return runs.get(scoreIn(scalar))!.scores[scores[base] ?? base];
  });
  for (const [curve, { file, tolerance }] of Object.entries(entry.curves ?? {})) {
    const ours = curves[curve.replace(/_?(logit|probability)$/, "")] ?? "score";
    const want = it.npy(file);
    const got = runs.get(scoreIn(curve))!.curves?.[ours]?.values.flatMap((of) => [...of]) ?? [];
    expect(got.length, curve).toBe(want.data.length);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(want.data[i]))), 0);
    expect(worst, curve).toBeLessThanOrEqual(tolerance);
  }
});

/** Segments [B, H, W] are the same for all channels. */
const arrayOf = (it: MetricCase, file: string): Tensor => {
  const array = it.npy(file);
  return file.startsWith("segments") ? { ...array, dims: [array.dims[0]!, 1, ...array.dims.slice(1)] } : array;
};
