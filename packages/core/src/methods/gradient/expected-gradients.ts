/**
 * Expected gradients (Erion et al. 2021, eq. 3): integrated gradients averaged over reference inputs, by drawing both:
 *
 *   R = E_{x′ ~ references, α ~ U(0,1)} [ (x − x′) ⊙ ∂f/∂x (x′ + α (x − x′)) ]
 *
 * Draw k takes α from the k-th of equal slices of [0, 1], and references go round in random order: still without bias, with less noise.
 */

import { repeatedRows } from "../../oracle/rows.ts";
import { sampleOf, widthOf } from "../../tensor/float.ts";
import type { Method, Task } from "../method.ts";
import { BASELINE, baselinesOf } from "../reference/baseline.ts";
import { momentsOf } from "./moments.ts";

export const expectedGradients: Method = {
  card: {
    name: "expected-gradients",
    family: "gradient",
    what: "integrated gradients averaged over reference inputs, with the standard error of the average",
    assumes: "the references are what inputs look like without the evidence, and the lines to them stay meaningful to the model",
    conserves: "f(x) − mean of f(references), on average over the draws",
    cost: "samples G",
    classDiscriminative: true,
    joint: true,
    source: "Erion, Janizek, Sturmfels, Lundberg, Lee 2021",
    parameters: {
      samples: {
        what: "draws of a reference and a point on the line to it",
        default: 100,
        min: 2,
        max: 1_000_000,
        integer: true,
      },
      baseline: { ...BASELINE, what: `where no references are given: ${BASELINE.what}` },
    },
  },
  attribute: async (task) => {
    const { x, params, oracle } = task;
    const samples = params.samples as number;
    const draw = drawsOf(task, samples);
    const [from, change] = [new Float32Array(widthOf(x)), new Float32Array(widthOf(x))];
    const rows = repeatedRows(oracle.samples, samples, (n, k, into) => {
      const { at, reference } = draw(n, k);
      reference(into);
      const sample = sampleOf(x, n);
      for (let i = 0; i < into.length; i++) into[i]! += at * (sample[i]! - into[i]!);
    });
    const moments = momentsOf(x, samples);
    await oracle.relevance(rows, (row, { relevance: gradient }) => {
      const n = rows.sample(row);
      draw(n, row - n * samples).reference(from);
      const sample = sampleOf(x, n);
      for (let i = 0; i < change.length; i++) change[i] = gradient[i]! * (sample[i]! - from[i]!);
      moments.add(change, n * change.length);
    });
    return { relevance: moments.mean(), spread: moments.standardError() };
  },
};

interface Draw {
  /** Where on the line from the reference to the sample. */
  readonly at: number;
  reference(into: Float32Array): void;
}

/** Draw k of sample n, always the same one. */
const drawsOf = (task: Task, samples: number): ((n: number, k: number) => Draw) => {
  const { references, random, params } = task;
  const baselines = references === undefined ? baselinesOf(params.baseline!, task) : [];
  const count = references?.dims[0] ?? baselines.length;
  let round = "";
  let order: ArrayLike<number> = [];
  return (n, k) => {
    const key = `${n} ${Math.floor(k / count)}`;
    if (round !== key) [round, order] = [key, random.stream(ORDER, random.id(n), Math.floor(k / count)).permutation(count)];
    const m = order[k % count]!;
    return {
      at: (k + random.stream(POINT, random.id(n), k).next()) / samples,
      reference: (into) => (references === undefined ? baselines[m]!.write(n, into) : into.set(sampleOf(references, m))),
    };
  };
};
const [ORDER, POINT] = [0x6f72, 0x706f];
