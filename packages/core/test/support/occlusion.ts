/** Relevance beside occlusion of the same explained score: v·z, v held fixed, a unit at a time set to the map's own reference. */
import type { Explainer, ExplainOptions } from "../../src/explain/index.ts";
import { fetching, promote } from "../../src/explain/promote.ts";
import type { Plan } from "../../src/plan/index.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { floats, numbers } from "./run.ts";
import { direction, type Seed } from "./seeds.ts";

export interface Compared {
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly target: number;
  /** Unit of each value of a sample. */
  readonly unitOf: (index: number) => number;
  readonly options?: ExplainOptions;
  /** What values become: 0, or the reference of each value of a sample. */
  readonly reference?: readonly number[];
}

export interface Agreement {
  /** Units with more than half of the largest |occlusion|. */
  readonly large: number;
  /** Those whose relevance has the sign of their occlusion. */
  readonly agree: number;
}

const plans = new WeakMap<Explainer, Plan>();
/** Planned once. */
const planOf = (lit: Explainer): Plan => {
  const plan = plans.get(lit) ?? lit.inspect().plan;
  plans.set(lit, plan);
  return plan;
};

/** One sample. */
export const agreement = async (
  lit: Explainer,
  { feeds, target, unitOf, options = {}, reference }: Compared,
): Promise<Agreement> => {
  const { explained, start } = planOf(lit);
  const name = explained[0]!;
  const explanation = await lit.explain(feeds, { ...options, target });
  const value = feeds[name] ?? explanation.values[name]!;
  const x = numbers(value);
  const relevance = numbers(explanation.relevance);
  const session = await lit.session(`occluded ${name}`, () =>
    fetching(promote(lit.model, name, lit.facts.shapes.get(name)!), [start]),
  );
  const units = [...new Set(x.map((_, i) => unitOf(i)))];
  const row = (unit: number) => x.map((v, i) => (unitOf(i) === unit ? (reference?.[i] ?? 0) : v));
  const rows = [x, ...units.map(row)];
  const many = ({ type, dims, data }: Tensor): Tensor => {
    const all = new (data.constructor as Float32ArrayConstructor)(rows.length * data.length);
    rows.forEach((_, n) => void all.set(data as Float32Array, n * data.length));
    return { type, dims: [rows.length, ...dims.slice(1)], data: all } as Tensor;
  };
  const others = Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, many(tensor)]));
  const out = await session.run({ ...others, [name]: floats([rows.length, ...value.dims.slice(1)], rows.flat()) });
  const flat = numbers(out[start]);
  const z = rows.map((_, n) => flat.slice((n * flat.length) / rows.length, ((n + 1) * flat.length) / rows.length));
  // Methods that are no LRP explain the logit.
  const { seed = "one" } = explanation.recipe as { readonly seed?: Seed | "one" };
  const v = direction(seed === "one" ? "logit" : seed, z[0]!, target);
  const scores = z.map((one) => one.reduce((sum, value, j) => sum + value * v[j]!, 0));
  const drops = units.map((_, k) => scores[0]! - scores[k + 1]!);
  const shares = new Map<number, number>();
  relevance.forEach((r, i) => void shares.set(unitOf(i), (shares.get(unitOf(i)) ?? 0) + r));
  const most = Math.max(...drops.map(Math.abs));
  const large = [...units.keys()].filter((k) => Math.abs(drops[k]!) > most / 2);
  return { large: large.length, agree: large.filter((k) => Math.sign(drops[k]!) === Math.sign(shares.get(units[k]!)!)).length };
};

export const total = (all: readonly Agreement[]): Agreement => ({
  large: all.reduce((sum, { large }) => sum + large, 0),
  agree: all.reduce((sum, { agree }) => sum + agree, 0),
});
