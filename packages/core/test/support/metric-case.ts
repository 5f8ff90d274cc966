/** The cases of conformance/metrics, opened: a small model, its samples, heatmaps, and what every metric must give. */
import { existsSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { explainingOf, type Judge, judgeOf, type Measured, metrics } from "../../src/evaluate/index.ts";
import { type Explainer, type ExplainOptions, load } from "../../src/explain/index.ts";
import { readNpy } from "../../src/input/index.ts";
import type { FloatTensor } from "../../src/tensor/float.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";

export interface Expected {
  readonly id: string;
  readonly metric: string;
  readonly relevance: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly scalars: Readonly<Record<string, { readonly per_sample: readonly (number | null)[]; readonly tolerance: number }>>;
  readonly curves?: Readonly<Record<string, { readonly file: string; readonly tolerance: number }>>;
}

export interface MetricCase extends AsyncDisposable {
  readonly lit: Explainer;
  readonly x: FloatTensor;
  readonly targets: readonly (readonly number[])[];
  readonly masks: Tensor | undefined;
  readonly judge: Judge;
  readonly expected: readonly Expected[];
  /** A file of the case. */
  npy(file: string): Tensor;
  heatmap(name: string): FloatTensor;
  /** A metric of heatmaps. */
  measure(metric: string, params: Readonly<Record<string, unknown>>, relevance: FloatTensor): Promise<Measured>;
  /** A metric of a method: of all samples, or of some. */
  judged(
    metric: string,
    params: Readonly<Record<string, unknown>>,
    options: ExplainOptions,
    rows?: readonly number[],
  ): Promise<Measured>;
}

export const openCase = async (name: string): Promise<MetricCase> => {
  const bytes = (file: string) =>
    new Uint8Array(readFileSync(new URL(`../../../../conformance/metrics/${name}/${file}`, import.meta.url)));
  const json = (file: string) => JSON.parse(new TextDecoder().decode(bytes(file)));
  const npy = (file: string) => readNpy(bytes(file));
  const floats = (file: string): FloatTensor => {
    const { dims, data } = npy(file);
    return { type: "float32", dims, data: Float32Array.from(data as ArrayLike<number>, Number) };
  };
  const lit = await load(bytes("model.onnx"), { runtime: await nodeRuntime() });
  const x = floats("inputs.npy");
  const targets: number[][] = json("targets.json").targets.map((target: number) => [target]);
  const masks = existsSync(new URL(`../../../../conformance/metrics/${name}/masks.npy`, import.meta.url))
    ? npy("masks.npy")
    : undefined;
  const judge = await judgeOf(lit, x, { targets, ...(masks && { masks }) });
  return {
    lit,
    x,
    targets,
    masks,
    judge,
    expected: json("case.json").expected,
    npy,
    heatmap: (map) => floats(`relevance/${map}.npy`),
    measure: (metric, params, relevance) => judge.measure(metrics[metric]!, params, { relevance }),
    judged: async (metric, params, options, rows = targets.map((_, n) => n)) => {
      const some = rowsOf(x, rows);
      const own = rows.map((n) => targets[n]!);
      const alone = await judgeOf(lit, some, { targets: own, ids: rows });
      const { relevance } = await lit.explain(some, { ...options, target: own });
      return alone.measure(metrics[metric]!, params, { relevance, explaining: explainingOf(lit, options, own) });
    },
    [Symbol.asyncDispose]: () => lit[Symbol.asyncDispose](),
  };
};

export const rowsOf = ({ dims, data }: FloatTensor, rows: readonly number[]): FloatTensor => {
  const width = data.length / dims[0]!;
  return {
    type: "float32",
    dims: [rows.length, ...dims.slice(1)],
    data: Float32Array.from(rows.flatMap((n) => [...data.subarray(n * width, (n + 1) * width)])),
  };
};

/** Every number within its tolerance; null is NaN. */
export const expectScalars = ({ id, scalars }: Expected, got: (name: string) => ArrayLike<number> | undefined): void => {
  for (const [name, { per_sample, tolerance }] of Object.entries(scalars)) {
    const values = got(name);
    per_sample.forEach((want, n) => {
      const value = values?.[n];
      const fits = value !== undefined && (want === null ? Number.isNaN(value) : Math.abs(value - want) <= tolerance);
      expect(fits, `${id} ${name} of sample ${n}: ${value} instead of ${want} ± ${tolerance}`).toBe(true);
    });
  }
};
