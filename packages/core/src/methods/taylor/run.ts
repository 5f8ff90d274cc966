/** Roots and the expansion there: see simple-taylor.ts. */
import { fail } from "../../errors.ts";
import { ownRows, type Rows, repeatedRows } from "../../oracle/rows.ts";
import { flatIndex, winnerOf } from "../../oracle/score.ts";
import { type FloatTensor, sampleOf, widthOf, zerosLike } from "../../tensor/float.ts";
import type { Attribution, Task } from "../method.ts";
import { baselinesOf } from "../reference/baseline.ts";

/** |f(x̃)| below this share of the largest |f| seen is a root. */
const ROOT = 1e-3;

/** R = ∇f(x̃) ⊙ (x − x̃). Errors: BadRecipe for several baselines, BadInput for references without another class. */
export const expandAtRoot = async (task: Task): Promise<Attribution> => {
  const { x, params, oracle } = task;
  const root = params.root === "gradient" ? await downTheGradient(task) : await onTheLine(task, await endsOf(task));
  const relevance = zerosLike(x);
  const [at, distance] = [new Array<number>(oracle.samples), new Array<number>(oracle.samples)];
  await oracle.relevance(ownRows(root.point), (n, { relevance: gradient, score }) => {
    const [into, sample, point] = [sampleOf(relevance, n), sampleOf(x, n), sampleOf(root.point, n)];
    let squares = 0;
    for (let i = 0; i < into.length; i++) {
      into[i] = gradient[i]! * (sample[i]! - point[i]!);
      squares += (sample[i]! - point[i]!) ** 2;
    }
    at[n] = score;
    distance[n] = Math.sqrt(squares);
  });
  const found = at.map((f, n) => Math.abs(f) <= ROOT * root.scale[n]!);
  return {
    relevance,
    details: { "f(root)": at, distance, found: found.map(Number) },
    notices: found.flatMap((is, n) =>
      is
        ? []
        : [
            `sample ${n} has no root where it was sought: expanded at f = ${at[n]!.toPrecision(3)}, distance ${distance[n]!.toPrecision(3)}`,
          ],
    ),
  };
};

interface Root {
  readonly point: FloatTensor;
  /** The largest |f| seen, by sample. */
  readonly scale: readonly number[];
}

/** Where the lines end. */
const endsOf = (task: Task): Promise<FloatTensor> | FloatTensor => {
  if (task.params.root === "nearest") return nearestOfAnotherClass(task);
  const baselines = baselinesOf(task.params.baseline!, task);
  if (baselines.length > 1)
    throw fail("BadRecipe", { what: "a root on the lines to several baselines", fix: "name one baseline" });
  const ends = zerosLike(task.x);
  for (let n = 0; n < task.oracle.samples; n++) baselines[0]!.write(n, sampleOf(ends, n));
  return ends;
};

/** A bracket on the line from x (0) to its end (1), with f at both sides. */
interface Bracket {
  readonly from: number;
  readonly to: number;
  readonly f: readonly [number, number];
}

const onTheLine = async ({ x, params, oracle, announce }: Task, ends: FloatTensor): Promise<Root> => {
  const [points, rounds] = [params.points as number, params.rounds as number];
  announce(oracle.samples * ((points + 1) * rounds + 1));
  let brackets: Bracket[] = Array.from({ length: oracle.samples }, () => ({ from: 0, to: 1, f: [0, 0] }));
  const scale = new Array<number>(oracle.samples).fill(0);
  const place = (n: number, t: number, into: Float32Array) => {
    const [sample, end] = [sampleOf(x, n), sampleOf(ends, n)];
    for (let i = 0; i < into.length; i++) into[i] = sample[i]! + t * (end[i]! - sample[i]!);
  };
  for (let round = 0; round < rounds; round++) {
    const at = ({ from, to }: Bracket, k: number) => from + ((to - from) * k) / points;
    const f = brackets.map(() => new Float64Array(points + 1));
    const rows: Rows = repeatedRows(oracle.samples, points + 1, (n, k, into) => place(n, at(brackets[n]!, k), into));
    await oracle.scores(rows, (row, { score }) => {
      const n = rows.sample(row);
      f[n]![row - n * (points + 1)] = score;
      scale[n] = Math.max(scale[n]!, Math.abs(score));
    });
    brackets = brackets.map((bracket, n) => {
      const k = firstSection(f[n]!);
      return { from: at(bracket, k), to: at(bracket, k + 1), f: [f[n]![k]!, f[n]![k + 1]!] };
    });
  }
  const point = zerosLike(x);
  for (const [n, { from, to, f }] of brackets.entries()) place(n, from + (to - from) * crossing(f), sampleOf(point, n));
  return { point, scale };
};

/** The first section whose ends differ in sign, else the one beside the least |f|. */
const firstSection = (f: Float64Array): number => {
  let least = 0;
  for (let k = 0; k < f.length; k++) {
    if (k + 1 < f.length && f[k]! * f[k + 1]! <= 0) return k;
    if (Math.abs(f[k]!) < Math.abs(f[least]!)) least = k;
  }
  return Math.min(least, f.length - 2);
};

/** Where a straight line between the two values is 0; without a change of sign, the end with the smaller |f|. */
const crossing = ([a, b]: readonly [number, number]): number => {
  if (a * b > 0) return Math.abs(a) <= Math.abs(b) ? 0 : 1;
  return a === b ? 0 : a / (a - b);
};

const downTheGradient = async ({ x, params, oracle, announce }: Task): Promise<Root> => {
  const rounds = params.rounds as number;
  announce(oracle.samples * (rounds + 1));
  const point: FloatTensor = { ...x, data: x.data.slice() };
  const scale = new Array<number>(oracle.samples).fill(0);
  for (let round = 0; round < rounds; round++) {
    const now: FloatTensor = { ...x, data: point.data.slice() };
    await oracle.relevance(ownRows(now), (n, { relevance: gradient, score }) => {
      scale[n] = Math.max(scale[n]!, Math.abs(score));
      const squares = gradient.reduce((sum, g) => sum + g * g, 0);
      if (squares === 0) return;
      const into = sampleOf(point, n);
      for (let i = 0; i < into.length; i++) into[i]! -= (score * gradient[i]!) / squares;
    });
  }
  return { point, scale };
};

/** For each sample the reference, of those the model gives to another class than the explained one, at the least Euclidean distance. */
const nearestOfAnotherClass = async ({ x, references, oracle }: Task): Promise<FloatTensor> => {
  if (references === undefined)
    throw fail("BadInput", { what: "the nearest reference of another class", why: "no references are given", fix: "give some" });
  const { classes, targets, scoring } = oracle.options;
  const count = references.dims[0]!;
  const ends = zerosLike(x);
  const index = (target: readonly number[]) => (classes.every((c) => c === 1) ? target[0]! : flatIndex(target, classes));
  const least = new Array<number>(oracle.samples).fill(Number.POSITIVE_INFINITY);
  // Each reference is judged with the sample's other inputs.
  const rows = repeatedRows(oracle.samples, count, (_, m, into) => into.set(sampleOf(references, m)));
  await oracle.scores(rows, (row, { logits }) => {
    const n = rows.sample(row);
    const reference = sampleOf(references, row - n * count);
    if (index(winnerOf(logits, classes, scoring)) === index(targets[n]!)) return;
    const sample = sampleOf(x, n);
    let distance = 0;
    for (let i = 0; i < widthOf(x); i++) distance += (sample[i]! - reference[i]!) ** 2;
    if (distance >= least[n]!) return;
    least[n] = distance;
    sampleOf(ends, n).set(reference);
  });
  const without = least.indexOf(Number.POSITIVE_INFINITY);
  if (without >= 0)
    throw fail("BadInput", {
      what: `no reference of another class for sample ${without}`,
      why: `the model gives all ${count} to class ${targets[without]!.join(",")}`,
      fix: "give references of several classes",
    });
  return ends;
};
