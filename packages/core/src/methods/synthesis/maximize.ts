/**
 * Activation maximization (Simonyan et al. 2014, eq. 1): an input the score is high for, by gradient ascent from noise,
 *
 *   x ← x + rate · ( ĝ − smooth · ∂V − ∂B ),   ĝ = ∇f at a jittered x over its root mean square,
 *
 * V = ½ Σ (differences of neighbours)² keeps it smooth, B = Σ bound/α · |x/bound|^α within bounds (Mahendran and Vedaldi 2015), a blur now and then takes
 * out what only the net sees (Yosinski et al. 2015), and jitter (Olah et al. 2017) keeps details from clinging to the grid of strides.
 */

import { ownRows, repeatedRows } from "../../oracle/rows.ts";
import { type FloatTensor, sampleOf, zerosLike } from "../../tensor/float.ts";
import { frameOf } from "../cam/frame.ts";
import type { Attribution, Frame, Method, Task } from "../method.ts";
import { baselinesOf } from "../reference/baseline.ts";
import { blurPlanes, pullInside, roughness, type Shift, shifted } from "./picture.ts";

const BLUR_EVERY = 4;

export const activationMaximization: Method = {
  card: {
    name: "activation-maximization",
    family: "synthesis",
    what: "what the model looks for: an input made to raise the score of a class, or of any value named as the output",
    assumes: "smooth inputs within bounds are ones the model means; the result is an input, not a map of the one given",
    conserves: "nothing",
    cost: "steps G",
    classDiscriminative: true,
    source: "Simonyan et al. 2014; Mahendran, Vedaldi 2015; Yosinski et al. 2015; Olah et al. 2017",
    parameters: {
      steps: { what: "gradient steps", default: 128, min: 1, max: 10_000, integer: true },
      rate: { what: "how far a step goes, in the input's units (root mean square)", default: 0.05, min: 0 },
      start: { what: "where it begins", default: "noise", choices: ["noise", "zero", "mean", "input"] },
      noise: { what: "standard deviation of the noise it begins with", default: 0.1, min: 0 },
      jitter: { what: "largest random shift in positions, at most an eighth of the input", default: 8, min: 0, integer: true },
      blur: { what: `σ of a Gaussian blur every ${BLUR_EVERY} steps, in positions; 0: none`, default: 0.5, min: 0 },
      smooth: { what: "weight of the differences between neighbours", default: 0.05, min: 0 },
      bound: { what: "size values are held to, in the input's units; 0: free", default: 2.5, min: 0 },
      alpha: { what: "how hard that bound is", default: 6, min: 2, max: 32 },
      frames: { what: "pictures of the way there", default: 8, min: 0, max: 1000, integer: true },
    },
  },
  attribute: async (task) => {
    const { x, params, oracle, random } = task;
    const { steps, rate, jitter, smooth, bound, alpha } = params as Record<string, number>;
    const frame = frameOf(task);
    const spatial = !frame.shared && frame.sizes.length > 0;
    const made = await startOf(task);
    const frames: Frame[] = [];
    const wanted = stepsShown(steps!, params.frames as number);
    const show = (step: number) => {
      if (wanted.has(step)) frames.push({ title: `step ${step}`, what: "input", values: { ...made, data: made.data.slice() } });
    };
    task.announce((steps! + 2) * oracle.samples);
    const before = await scoresAt(task, made);
    show(0);
    for (let step = 1; step <= steps!; step++) {
      const shifts = Array.from({ length: oracle.samples }, (_, n): Shift => {
        const stream = random.stream(JITTER, random.id(n), step);
        const reach = (size: number) => (spatial ? Math.min(jitter!, Math.floor(size / 8)) : 0);
        return frame.sizes.map((size) => stream.below(2 * reach(size) + 1) - reach(size));
      });
      const back = shifts.map((shift) => shift.map((d) => -d));
      const rows = repeatedRows(oracle.samples, 1, (n, _, into) => shifted(sampleOf(made, n), frame, shifts[n]!, into));
      const gradient = zerosLike(x);
      await oracle.relevance(rows, (n, row) => shifted(row.relevance, frame, back[n]!, sampleOf(gradient, n)));
      for (let n = 0; n < oracle.samples; n++) {
        const [at, g] = [sampleOf(made, n), sampleOf(gradient, n)];
        const size = Math.sqrt(g.reduce((sum, v) => sum + v * v, 0) / g.length) || 1;
        const rough = spatial && smooth! > 0 ? roughness(at, frame) : undefined;
        for (let i = 0; i < at.length; i++)
          at[i]! += rate! * (g[i]! / size - (rough === undefined ? 0 : smooth! * rough[i]!) - pullInside(at[i]!, bound!, alpha!));
        if (spatial && step % BLUR_EVERY === 0 && step < steps!) blurPlanes(at, frame, params.blur as number);
      }
      show(step);
    }
    const details = { "score at the start": before, score: await scoresAt(task, made) };
    return { relevance: made, frames, details, notices: [NOTICE] } satisfies Attribution;
  },
};

const NOTICE = "the result is an input made for the class, not a map of the input given";
const [START, JITTER] = [0x5a, 0x6a]; // streams of their own

/** The inputs it begins with. */
const startOf = async (task: Task): Promise<FloatTensor> => {
  const { x, params, random, oracle } = task;
  const made = zerosLike(x);
  if (params.start === "input") made.data.set(x.data);
  const mean = params.start === "mean" ? baselinesOf("mean", task)[0]! : undefined;
  for (let n = 0; n < oracle.samples; n++) {
    const into = sampleOf(made, n);
    mean?.write(n, into);
    const stream = random.stream(START, random.id(n));
    if (params.start === "noise") for (let i = 0; i < into.length; i++) into[i] = (params.noise as number) * stream.normal();
  }
  return made;
};

const scoresAt = async ({ oracle }: Task, x: FloatTensor): Promise<number[]> => {
  const scores: number[] = [];
  await oracle.scores(ownRows(x), (n, { score }) => {
    scores[n] = score;
  });
  return scores;
};

/** The first, the last, and evenly between. */
const stepsShown = (steps: number, count: number): ReadonlySet<number> =>
  new Set(Array.from({ length: count }, (_, i) => (count === 1 ? steps : Math.round((i * steps) / (count - 1)))));
