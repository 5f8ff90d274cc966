/**
 * Integrated gradients (Sundararajan et al. 2017, eq. 1): R = (x − x′) ⊙ ∫₀¹ ∂f/∂x (x′ + α (x − x′)) dα, the integral as a weighted sum
 * over α. Complete: ΣR tends to f(x) − f(x′) with the number of steps.
 */
import { BASELINE, baselinesOf } from "./baseline.ts";
import { type Method, sampleOf, zerosLike } from "./method.ts";
import { QUADRATURES, quadrature } from "./quadrature.ts";
import { repeatedRows } from "./rows.ts";

export const integratedGradients: Method = {
  card: {
    name: "integrated-gradients",
    family: "gradient",
    what: "the gradient averaged on the straight line from a baseline, times the difference to it",
    assumes: "the baseline means absence, and the line between stays meaningful to the model",
    conserves: "f(x) − f(baseline), up to the error of the quadrature",
    cost: "steps × baselines G",
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
    const nodes = quadrature(params.quadrature as string, params.steps as number);
    const baselines = baselinesOf(params.baseline!, task);
    const base = new Float32Array(x.data.length / oracle.samples);
    const relevance = zerosLike(x);
    const rows = repeatedRows(oracle.samples, baselines.length * nodes.length, (n, k, into) => {
      baselines[Math.floor(k / nodes.length)]!.write(n, into);
      const { at } = nodes[k % nodes.length]!;
      const sample = sampleOf(x, n);
      for (let i = 0; i < into.length; i++) into[i]! += at * (sample[i]! - into[i]!);
    });
    await oracle.relevance(rows, (row, { relevance: gradient }) => {
      const n = rows.sample(row);
      const k = row - n * baselines.length * nodes.length;
      const { weight } = nodes[k % nodes.length]!;
      baselines[Math.floor(k / nodes.length)]!.write(n, base);
      const [into, sample] = [sampleOf(relevance, n), sampleOf(x, n)];
      const share = weight / baselines.length;
      for (let i = 0; i < into.length; i++) into[i]! += share * gradient[i]! * (sample[i]! - base[i]!);
    });
    return { relevance };
  },
};
