/**
 * Gradient × input in double precision. Its difference between neighbours is far smaller than the maps, whose rounding to float32 would be most
 * of the error; the gradient itself is the model's, by backlit.
 */
import type { FloatTensor, Tensor } from "@backlit/core";
import type { Bench } from "./bench.ts";
import type { Json } from "./case.ts";
import type { Maps } from "./setting.ts";
import { fileIn } from "./setting.ts";

/** Metrics read maps by their places: double numbers serve where the map is those numbers, rounded. */
export const precise = async (bench: Bench, maps: Maps, { explain, perturbations: file }: Json): Promise<Maps> => {
  if (typeof explain !== "string" || !explain.startsWith("gradient-x-input") || file === undefined) return maps;
  const { x, files } = bench;
  const moves = await files.array(fileIn(file));
  const [count, samples] = moves.dims as [number, number];
  if (moves.data.length !== count * x.data.length) return maps;
  const own = await times(bench, Float64Array.from(x.data), samples);
  if (own.length !== maps.relevance.data.length || !rounded(own, maps.relevance.data)) return maps;
  const moved = Float64Array.from(moves.data as Float32Array, (move, i) => x.data[i % x.data.length]! + move);
  const explanations: Tensor = { type: "float64", dims: moves.dims, data: await times(bench, moved, samples) };
  return { ...maps, relevance: { ...maps.relevance, data: own as unknown as Float32Array }, given: { explanations } };
};

/** Gradient × input of rows, the samples again and again. */
const times = async (bench: Bench, inputs: Float64Array, samples: number): Promise<Float64Array> => {
  const { dims } = bench.x;
  const count = inputs.length / (bench.x.data.length / samples);
  const rows: FloatTensor = { type: "float32", dims: [count, ...dims.slice(1)], data: Float32Array.from(inputs) };
  const gradient = await bench.explaining("gradient").maps(
    rows,
    Array.from({ length: count }, (_, k) => k % samples),
  );
  return inputs.map((value, i) => value * gradient.data[i]!);
};

const rounded = (exact: Float64Array, map: Float32Array): boolean => {
  const peak = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return exact.every((value, i) => Math.abs(value - map[i]!) <= 1e-5 * peak);
};
