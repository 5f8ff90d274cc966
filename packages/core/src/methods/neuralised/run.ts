import { fail } from "../../errors.ts";
import { ownRows } from "../../oracle/rows.ts";
import { sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Attribution, Difference, Task } from "../method.ts";
import { decomposeCentres } from "./centres.ts";
import { type Decomposed, decomposeKernels } from "./kernels.ts";
import { type Machine, machineIn } from "./machine.ts";

/** Errors: Unsupported. */
export const neuralise = async (task: Task): Promise<Attribution> => {
  const { x, inside, oracle } = task;
  const machine = machineIn(inside);
  const columns = columnsOf(task, machine);
  const own = machine.spheres.x === inside.explained;
  const relevance = zerosLike(x);
  const difference: Difference[] = [];
  const f = new Array<number>(oracle.samples);
  const asked = { layers: [machine.value], values: own ? [] : [machine.spheres.x] };
  await oracle.relevance(
    ownRows(x),
    (n, { score, layers, values }) => {
      const row = own ? sampleOf(x, n) : values[machine.spheres.x]!.data;
      const found = decomposed(row, machine, layers[machine.value]!, task.params.beta as number);
      const [into, sample] = [sampleOf(relevance, n), sampleOf(x, n)];
      for (const [d, r] of found.relevance.entries()) {
        const places = columns[d]!;
        // Of a category the number that says yes has all of it.
        into[places.reduce((best, k) => (sample[k]! > sample[best]! ? k : best), places[0]!)]! += r;
      }
      difference[n] = { score: found.score, reference: 0 };
      f[n] = score;
    },
    asked,
  );
  return { relevance, difference, details: { "f(x)": f }, notices: [said(machine)] };
};

/** `v`: the derivative of the score at the machine's results. */
const decomposed = (row: ArrayLike<number>, machine: Machine, v: Float32Array, beta: number): Decomposed => {
  if (machine.kind === "kernels") {
    const { weights } = machine;
    const direction = machine.spheres.points.map((_, s) => weights!.reduce((sum, own, c) => sum + own[s]! * v[c]!, 0));
    return decomposeKernels(row, machine.spheres, direction);
  }
  // A root's derivative at a centre itself is no number.
  const signs = Array.from(v, (value) => (Number.isNaN(value) ? -1 : Math.sign(value) * Math.sign(machine.spheres.q)));
  const near = signs.indexOf(-1);
  const far = signs.flatMap((sign, k) => (sign > 0 ? [k] : []));
  const explained = near >= 0 ? near : far[0]!;
  const others = signs.flatMap((_, k) => (k === explained ? [] : [k]));
  const contest = { own: explained, rivals: near >= 0 && far.length > 0 ? far : others, beta };
  const found = decomposeCentres(row, machine.spheres, contest);
  return near >= 0 ? found : { score: -found.score, relevance: found.relevance.map((r) => -r) };
};

/** For each number that is compared, where it stands in what is explained. Errors: Unsupported. */
const columnsOf = ({ inside }: Task, { spheres }: Machine): readonly (readonly number[])[] => {
  const found = inside.columns(spheres.x);
  const lost = found?.findIndex((places) => places.length === 0) ?? 0;
  if (found !== undefined && lost < 0) return found;
  throw fail("Unsupported", {
    what: `column ${lost} of '${spheres.x}' is no column of what is explained`,
    why: "several columns are mixed on the way to it, or it comes from elsewhere",
    fix: `explain what is compared with --explain '${spheres.x}'`,
  });
};

const said = ({ kind, spheres }: Machine): string =>
  kind === "kernels"
    ? `neuralised: ${spheres.points.length} kernels as (1/γ)(log Σ₊ − log Σ₋); f(x)'s bias stands outside`
    : `neuralised: ${spheres.points.length} centres; explained is by how much the own one is nearer than its rival, in squared distance`;
