/** The ascent: see maximize.ts. */
import { ownRows, repeatedRows } from "../../oracle/rows.ts";
import { type FloatTensor, sampleOf, zerosLike } from "../../tensor/float.ts";
import { frameOf } from "../cam/frame.ts";
import type { Attribution, Frame, Task } from "../method.ts";
import { baselinesOf } from "../reference/baseline.ts";
import { blurPlanes, pullInside, roughness, type Shift, shifted } from "./picture.ts";

/** An input the score is high for, and frames of the way there. */
export const maximize = async (task: Task, blurEvery: number): Promise<Attribution> => {
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
      if (spatial && step % blurEvery === 0 && step < steps!) blurPlanes(at, frame, params.blur as number);
    }
    show(step);
  }
  const details = { "score at the start": before, score: await scoresAt(task, made) };
  return { relevance: made, frames, details, notices: [NOTICE] };
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
