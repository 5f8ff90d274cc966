/** Made-up evaluations for tests of reports: scores of a known order, curves that fit them, statistics as a run makes them. */
import type {
  CurveTable,
  EvaluatedMethod,
  EvaluationExample,
  EvaluationResult,
  EvaluationSetting,
  ScoreTable,
} from "../../src/evaluate/result.ts";
import { summarise } from "../../src/evaluate/statistics/summarise.ts";
import { encodePng } from "../../src/formats/png/encode.ts";
import { randomBy } from "../../src/numeric/random.ts";
import type { Rgb } from "../../src/render/colour/oklab.ts";
import { createRaster, fillRect } from "../../src/render/raster/canvas.ts";

export interface MadeUp {
  /** Default 81. */
  readonly samples?: number;
  /** Mean SRG of each method. */
  readonly methods?: Readonly<Record<string, number>>;
  /** Default: srg with imputers zero and blur, aopc. */
  readonly settings?: readonly EvaluationSetting[];
}

/** As measured on EfficientNet-Lite0 (imputer zero). */
const METHODS = {
  "gamma-depth": 0.402,
  "epsilon-gamma-box": 0.363,
  "epsilon-plus-flat": 0.35,
  "grad-cam": 0.335,
  smoothgrad: 0.326,
  "integrated-gradients": 0.121,
  epsilon: 0.028,
  "gradient-x-input": 0.021,
};

const common = { unit: "grid:16", score: "probability", steps: "log:15", aggregate: "mean", repeats: 1 };
const SETTINGS: readonly EvaluationSetting[] = [
  { metric: "srg", params: { ...common, imputer: "zero", "random-orders": 3 } },
  { metric: "srg", params: { ...common, imputer: "blur", "random-orders": 3 } },
  { metric: "aopc", params: { ...common, imputer: "uniform", order: "morf" } },
];

const AT = [0, 1, 2, 3, 4, 6, 8, 11, 16, 22, 31, 44, 62, 87, 121, 196].map((k) => k / 196);

export const madeUpEvaluation = ({ samples = 81, methods = METHODS, settings = SETTINGS }: MadeUp = {}): EvaluationResult => {
  const evaluated: EvaluatedMethod[] = [
    ...Object.keys(methods).map((name) => ({
      name,
      recipe: {
        recipe: 1,
        method: "lrp",
        composite: name,
        seed: "log-odds",
        score: "logit",
        rules: [{ match: { first: true }, rule: { name: "flat" } }],
      },
      hash: "5f".repeat(32),
    })),
    ...[0, 1, 2].map((draw) => ({
      name: "random",
      random: true as const,
      recipe: { method: "random", draw, seed: 0 },
      hash: "",
    })),
  ];
  const means = [...Object.values(methods), 0, 0, 0];
  const noise = (of: string, n: number, m: number) =>
    randomBy(7)
      .stream(n, m, of.length + of.charCodeAt(of.length - 1))
      .normal();
  const table = (setting: number, score: string, primary: boolean, value: (mean: number) => number): ScoreTable => ({
    setting,
    score,
    primary,
    ...(score === "auc_random" ? {} : { direction: score === "auc_mif" ? ("lower" as const) : ("higher" as const) }),
    values: means.map((mean, m) =>
      Array.from(
        { length: samples },
        (_, n) => value(mean) + 0.12 * noise("sample", n, 0) * (mean + 0.1) + 0.06 * noise(`${setting}${score}`, n, m),
      ),
    ),
  });
  const tables = settings.flatMap(({ metric, params }, s): ScoreTable[] => {
    const scale = params.imputer === "blur" ? 0.7 : 1;
    if (metric !== "srg") return [table(s, metric, true, (mean) => 0.3 + 0.5 * mean)];
    return [
      table(s, "srg", true, (mean) => scale * mean),
      table(s, "mrg", false, (mean) => scale * mean * 0.45),
      table(s, "lrg", false, (mean) => scale * mean * 0.55),
      table(s, "auc_mif", false, (mean) => 0.35 - scale * mean * 0.45),
      table(s, "auc_lif", false, (mean) => 0.35 + scale * mean * 0.55),
      table(s, "auc_random", false, () => 0.35),
    ];
  });
  const curve = (setting: number, name: string, area: (mean: number) => number): CurveTable => ({
    setting,
    curve: name,
    at: AT,
    methods: means.map((mean) => {
      const power = 1 / Math.max(0.05, area(mean)) - 1;
      const median = AT.map((share) => 0.02 + 0.86 * (1 - share) ** power);
      const spread = (by: number) =>
        median.map((y, k) => Math.min(1, Math.max(0, y + by * Math.min(1, 4 * AT[k]!, 3 * (1 - AT[k]!)))));
      return { mean: median, median, low: spread(-0.12), high: spread(0.1) };
    }),
  });
  const curves = settings.flatMap(({ metric, params }, s): CurveTable[] => {
    const scale = params.imputer === "blur" ? 0.7 : 1;
    if (metric !== "srg") return [curve(s, "morf", (mean) => 0.35 - 0.45 * mean)];
    return [
      curve(s, "mif", (mean) => 0.35 - scale * 0.45 * mean),
      curve(s, "lif", (mean) => 0.35 + scale * 0.55 * mean),
      curve(s, "random", () => 0.35),
    ];
  });
  return {
    evaluation: 1,
    version: "0.1.0",
    model: { name: "efficientnet-lite0", sha256: "0a".repeat(32) },
    data: { name: "photos", sha256: "b1".repeat(32), count: samples },
    seed: 0,
    methods: evaluated,
    settings,
    samples: Array.from({ length: samples }, (_, n) => ({ name: `photo-${n + 1}.jpg`, target: [n % 10] })),
    tables,
    curves,
    summary: summarise(tables, evaluated),
    notices: samples < 20 ? [] : ["photo-3.jpg: its smaller side has 180 pixels, below the model's 224: it was enlarged"],
  };
};

/** Two pictures with maps and films, small ones. */
export const madeUpExamples = (methods: readonly string[] = Object.keys(METHODS).slice(0, 3)): EvaluationExample[] =>
  ["tabby cat.jpg", "espresso & milk.jpg"].map((name, e) => ({
    name,
    picture: png(() => undefined, e),
    methods: methods.map((method, m) => ({
      name: method,
      heatmap: png((x, y) => (Math.hypot(x - 4 - m, y - 4) < 3 ? [178, 40, 20] : [250, 250, 250]), e),
      steps: [0, 0.02, 0.1, 0.25, 0.5, 1].map((share) => ({
        share,
        picture: png((x, y) => (Math.hypot(x - 4 - m, y - 4) / 8 < share ? [128, 128, 128] : undefined), e),
        score: 0.9 * (1 - share) ** (3 - 0.5 * m),
      })),
    })),
  }));

/** 8 × 8 cells of 14 pixels; undefined: the ground. */
const png = (colour: (x: number, y: number) => Rgb | undefined, seed: number): string => {
  const raster = createRaster(112, 112);
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++)
      fillRect(raster, 14 * x, 14 * y, 14, 14, colour(x, y) ?? [60 + 20 * x, 90 + 15 * y, 60 + 90 * seed]);
  return `data:image/png;base64,${btoa(String.fromCharCode(...encodePng(raster)))}`;
};
