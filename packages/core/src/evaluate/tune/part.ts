/** Chosen samples of some data as data of their own. */
import { canonicalJson, sha256 } from "../../plan/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DataChunk, EvaluationData } from "../run/task.ts";

/** `samples`: their numbers in the data. What is read together must have one shape, as in the data itself. */
export const partOf = async (data: EvaluationData, samples: readonly number[]): Promise<EvaluationData> => ({
  ...data,
  sha256: await sha256(canonicalJson({ of: data.sha256, samples })),
  count: samples.length,
  read: async (from, count) => {
    const chunks: DataChunk[] = [];
    for (const n of samples.slice(from, from + count)) chunks.push(await data.read(n, 1));
    return together(chunks);
  },
});

const together = (chunks: readonly DataChunk[]): DataChunk => {
  const [first] = chunks as [DataChunk];
  if (chunks.length === 1) return first;
  const all = <T>(of: (chunk: DataChunk) => readonly T[] | undefined): readonly T[] | undefined =>
    chunks.every((chunk) => of(chunk) !== undefined) ? chunks.flatMap((chunk) => of(chunk)!) : undefined;
  const labels = all(({ labels }) => labels);
  const targets = all(({ targets }) => targets);
  const masks = all(({ masks: own }) => own && [own]);
  return {
    x: isTensor(first.x)
      ? stacked(chunks.map(({ x }) => x as Tensor))
      : Object.fromEntries(
          Object.keys(first.x).map((name) => [name, stacked(chunks.map(({ x }) => (x as Record<string, Tensor>)[name]!))]),
        ),
    names: chunks.flatMap(({ names }) => names),
    ...(labels && { labels }),
    ...(targets && { targets }),
    ...(masks && { masks: (of) => stacked(masks.map((own, n) => (typeof own === "function" ? own([of[n]!]) : own))) }),
  };
};

const isTensor = (x: DataChunk["x"]): x is Tensor => "type" in x && "data" in x;

/** Along the first axis; inputs without a batch axis are the same for all samples and stay. */
const stacked = (tensors: readonly Tensor[]): Tensor => {
  const [first] = tensors as [Tensor];
  if (first.dims[0] !== 1 || Array.isArray(first.data)) return first;
  const made = first.data as Float32Array;
  const width = made.length;
  const data = new (made.constructor as Float32ArrayConstructor)(width * tensors.length);
  tensors.forEach((tensor, n) => {
    data.set(tensor.data as Float32Array, n * width);
  });
  return { ...first, dims: [tensors.length, ...first.dims.slice(1)], data } as Tensor;
};
