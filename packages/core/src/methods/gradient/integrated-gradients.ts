/**
 * Integrated gradients (Sundararajan et al. 2017, eq. 1): R = (x − x′) ⊙ ∫₀¹ ∂f/∂x (x′ + α (x − x′)) dα, the integral as a weighted sum
 * over α. Complete: ΣR tends to f(x) − f(x′) with the number of steps.
 */
import { maxOf } from "../../numeric/extremes.ts";
import { type Node, QUADRATURES, quadrature } from "../../numeric/quadrature.ts";
import { repeatedRows } from "../../oracle/rows.ts";
import { sampleOf, widthOf } from "../../tensor/float.ts";
import type { Method } from "../method.ts";
import { BASELINE, baselinesOf } from "../reference/baseline.ts";
import { momentsOf } from "./moments.ts";

export const integratedGradients: Method = {
  card: {
    name: "integrated-gradients",
    family: "gradient",
    what: "the gradient averaged on the straight line from a baseline, times the difference to it",
    assumes: "the baseline means absence, and the line between stays meaningful to the model",
    conserves: "f(x) − f(baseline), up to the error of the quadrature",
    cost: "(steps + 2) × baselines G",
    classDiscriminative: true,
    joint: true,
    source: "Sundararajan, Taly, Yan 2017",
    parameters: {
      steps: { what: "gradients on the line", default: 50, min: 1, max: 10_000, integer: true },
      quadrature: { what: "where on the line, with which weights", default: "midpoint", choices: QUADRATURES },
      baseline: BASELINE,
    },
  },
  attribute: async (task) => {
    const { x, params, oracle } = task;
    const nodes = withEnds(quadrature(params.quadrature as string, params.steps as number));
    const baselines = baselinesOf(params.baseline!, task);
    const perSample = baselines.length * nodes.length;
    const base = new Float32Array(widthOf(x));
    const moments = momentsOf(x, baselines.length);
    const gap = new Array<number>(oracle.samples).fill(0);
    const scale = new Array<number>(oracle.samples).fill(0);
    const rows = repeatedRows(oracle.samples, perSample, (n, k, into) => {
      baselines[Math.floor(k / nodes.length)]!.write(n, into);
      const { at } = nodes[k % nodes.length]!;
      const sample = sampleOf(x, n);
      for (let i = 0; i < into.length; i++) into[i]! += at * (sample[i]! - into[i]!);
    });
    const part = new Float32Array(widthOf(x));
    await oracle.relevance(rows, (row, { relevance: gradient, score }) => {
      const n = rows.sample(row);
      const k = row - n * perSample;
      const { at, weight } = nodes[k % nodes.length]!;
      baselines[Math.floor(k / nodes.length)]!.write(n, base);
      const sample = sampleOf(x, n);
      if (at === 0 || at === 1) {
        gap[n]! += ((at === 1 ? 1 : -1) * score) / baselines.length;
        scale[n] = Math.max(scale[n]!, Math.abs(score));
      }
      if (weight === 0) return;
      for (let i = 0; i < part.length; i++) part[i] = weight * gradient[i]! * (sample[i]! - base[i]!);
      moments.add(part, n * part.length);
    });
    const relevance = moments.mean();
    for (let n = 0; n < oracle.samples; n++) gap[n]! -= sampleOf(relevance, n).reduce((a, b) => a + b, 0);
    return { relevance, details: { gap }, notices: incomplete(gap, scale) };
  },
};

/** The line's two ends, without weight: f there is what the relevance should add up to. */
const withEnds = (nodes: readonly Node[]): readonly Node[] => [
  ...[0, 1].filter((at) => !nodes.some((node) => node.at === at)).map((at) => ({ at, weight: 0 })),
  ...nodes,
];

/** `gap`: f(x) − f(baseline) − ΣR by sample; `scale`: how large f is there. */
const incomplete = (gap: readonly number[], scale: readonly number[]): readonly string[] => {
  const shares = gap.map((miss, n) => Math.abs(miss) / (scale[n]! || 1));
  const worst = maxOf(shares);
  return worst <= 0.05
    ? []
    : [
        `integrated gradients of sample ${shares.indexOf(worst)} miss f(x) − f(baseline) by ${(100 * worst).toFixed(0)} % of f: take more steps, or gauss-legendre`,
      ];
};
