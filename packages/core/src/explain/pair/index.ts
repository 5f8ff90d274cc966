/**
 * BiLRP (Eberle et al. 2020): which parts of two inputs make them similar. y = Σ_m φ_m(x) φ_m(x′) over the features of an embedding φ;
 *
 *   R_ij = Σ_m R^m_i(x) R^m_j(x′)
 *
 * with R^m the relevance of feature m alone, started at φ_m. Where relevance is conserved Σ_ij R_ij = y.
 */
import { fail } from "../../errors.ts";
import { usualStart } from "../../plan/index.ts";
import { arranged, arrangementOf } from "../../reading/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { taken } from "../../tensor/taken.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { sceneOf } from "../aims/scene.ts";
import type { Explainer } from "../explainer.ts";
import type { ExplainOptions, Explanation } from "../types.ts";
import { type Branches, branchesOf } from "./branches.ts";
import { type Cells, cellsOf, type PairGrid } from "./cells.ts";

export interface PairOptions
  extends Omit<ExplainOptions, "target" | "seed" | "seedVector" | "layers" | "ledger" | "strict" | "conditions" | "channels"> {
  /** `cosine` (default): divided by |φ(x)| |φ(x′)|, a constant; `dot`: the product itself. */
  readonly similarity?: "dot" | "cosine";
  /** Cells along the sides of a picture, one number or [height, width], 1 to 32; default 7. Tokens, and values of a row, are cells of their own. */
  readonly grid?: PairGrid;
}

export interface PairExplanation {
  /** Of each pair. */
  readonly similarity: readonly number[];
  /** float32 [N, cells of x, cells of x′]. */
  readonly pairs: FloatTensor;
  /** Cells along the axes of positions. */
  readonly cells: readonly number[];
  /** The same of the other input: a text of its own length has its own. */
  readonly otherCells: readonly number[];
  readonly recipe: Explanation["recipe"];
  readonly hash: string;
  readonly notices: readonly string[];
}

type Given = Tensor | Readonly<Record<string, Tensor>>;

/** Rows of one run. */
const ROWS = 64;

/**
 * Explains the similarity of the samples of `x`, each with that of `other` at the same place. Without `other`: of the two inputs that a model
 * compares itself, which is cut where features of both are multiplied last.
 * Errors: BadInput (of other numbers of samples), BadRecipe (a grid, a method that sends no relevance), Unsupported for an embedding along several axes,
 * for no second input, and for a model that multiplies no features of two inputs.
 */
export const explainPair = async (
  lit: Explainer,
  x: Given,
  other?: Given,
  { similarity = "cosine", grid, ...options }: PairOptions = {},
): Promise<PairExplanation> => {
  const [first, second] = other === undefined ? branchesIn(lit) : [undefined, undefined];
  const cutAt = (output: string | undefined) => ({ grid, options: { ...options, ...(output !== undefined && { output }) } });
  const [one, two] = [await sideOf(lit, x, cutAt(first)), await sideOf(lit, other ?? x, cutAt(second))];
  if (one.samples !== two.samples)
    throw fail("BadInput", { what: `${one.samples} and ${two.samples} samples in pairs`, fix: "give as many on both sides" });
  const { features, cells } = one;
  const data = new Float32Array(one.samples * cells.count * two.cells.count);
  const similarities = Array.from({ length: one.samples }, (_, n) => {
    const own = (side: Side, m: number) => side.values[n * features + m]!;
    const sum = (of: (m: number) => number) => Array.from({ length: features }, (_, m) => of(m)).reduce((a, b) => a + b, 0);
    const norm = (side: Side) => Math.sqrt(sum((m) => own(side, m) ** 2));
    const scale = similarity === "dot" ? 1 : 1 / (norm(one) * norm(two) || 1);
    for (let i = 0; i < cells.count; i++)
      for (let j = 0; j < two.cells.count; j++) {
        let r = 0;
        for (let m = 0; m < features; m++) r += one.at(n, m, i) * two.at(n, m, j);
        data[(n * cells.count + i) * two.cells.count + j] = scale * r;
      }
    return scale * sum((m) => own(one, m) * own(two, m));
  });
  return {
    similarity: similarities,
    pairs: { type: "float32", dims: [one.samples, cells.count, two.cells.count], data },
    cells: cells.sizes,
    otherCells: two.cells.sizes,
    recipe: one.recipe,
    hash: one.hash,
    notices: [...new Set([...one.notices, ...two.notices])],
  };
};

const branchesIn = (lit: Explainer): Branches => {
  const { graph } = lit.traced;
  const found = branchesOf(graph, lit.traced.ownFacts());
  if (found !== undefined) return found;
  throw fail("Unsupported", {
    what: "a pair without a second input",
    why: "the model multiplies no features of two inputs",
    fix: "name the second: pair:FILE",
  });
};

interface Side extends Pick<Explanation, "recipe" | "hash" | "notices"> {
  readonly samples: number;
  readonly features: number;
  /** φ, [N, features]. */
  readonly values: Float32Array;
  readonly cells: Cells;
  /** R^m of a cell. */
  at(sample: number, feature: number, cell: number): number;
}

/** The relevance of every feature on its own, summed over cells. */
const sideOf = async (
  lit: Explainer,
  x: Given,
  { grid, options }: { readonly grid: PairGrid | undefined; readonly options: Omit<PairOptions, "similarity" | "grid"> },
): Promise<Side> => {
  const { plan, reading, values, sizes, samples, feeds } = await sceneOf(lit, x, options);
  const features = sizes.reduce((a, b) => a * b, 1);
  const [main, ...more] = plan.explained as [string];
  if (more.length > 0 || sizes.filter((size) => size !== 1).length > 1)
    throw fail("Unsupported", {
      what: "pairs of parts of two inputs",
      why: more.length > 0 ? `the model explains ${plan.explained.join(", ")}` : `its output has ${sizes.join("×")} values`,
      fix:
        more.length > 0
          ? "give both inputs and ask for pair alone, or name one with --explain"
          : "name an embedding with --output: one row of features",
    });
  const arrangement = arrangementOf(reading.axes.of(main) ?? [], plan.samples.of(main));
  const inputs = Object.keys(feeds);
  const free = inputs.every((name) => plan.samples.of(name) === 0 && lit.facts.shapes.get(name)?.[0] === null);
  const repeats = plan.samples.independent && plan.batchAxis === 0 && free;
  const maps = new Map<number, Float64Array>();
  let cells: Cells | undefined;
  let first: Explanation | undefined;
  const rows = Array.from({ length: samples * features }, (_, k) => k);
  // Rows of several features run together where a batch may have any size; else all samples, one feature after another.
  const width = repeats ? ROWS : samples;
  for (let from = 0; from < rows.length; from += width) {
    const own = repeats ? rows.slice(from, from + width) : rows.slice(0, samples).map((n) => n * features + from / samples);
    const chosen = own.map((k) => Math.floor(k / features));
    const fed = repeats
      ? Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, taken(tensor, 0, chosen)]))
      : feeds;
    const v = new Float32Array(own.length * features);
    own.forEach((k, row) => {
      v[row * features + (k % features)] = 1;
    });
    const dims = lit.facts.shapes.get(plan.start)!.map((size, axis) => (axis === plan.batchAxis ? own.length : size!));
    const explanation = await lit.explain(fed, {
      start: usualStart("direction"),
      ...options,
      seed: "direction",
      seedVector: { type: "float32", dims, data: v },
    });
    first ??= explanation;
    const map = arranged(explanation.relevance, arrangement);
    cells ??= cellsOf(map.dims.slice(1), arrangement, grid);
    const size = map.data.length / own.length;
    own.forEach((k, row) => {
      const sums = new Float64Array(cells!.count);
      for (let i = 0; i < size; i++) sums[cells!.of[i]!]! += map.data[row * size + i]!;
      maps.set(k, sums);
    });
  }
  const { recipe, hash, notices } = first!;
  return {
    ...{ samples, features, values: values.data, cells: cells!, recipe, hash, notices },
    at: (n, m, cell) => maps.get(n * features + m)![cell]!,
  };
};
