/** Maps of all classes, and two maps compared by the larger one's largest value. */
import { expect } from "vitest";
import type { LoadOptions } from "../../src/explain/index.ts";
import { loadText } from "./load.ts";
import { noise, numbers } from "./run.ts";
import type { Seed } from "./seeds.ts";

export interface Maps {
  /** By class. */
  readonly maps: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** What is said of each map, by kind. */
  readonly notes: readonly (string | undefined)[];
  readonly seed: Seed;
}

export interface MapsAsked extends Partial<LoadOptions> {
  /** Shape of the input `x`, one sample. */
  readonly shape: readonly number[];
  readonly seed?: Seed;
  readonly classes?: number;
  /** `auto`: relevance, whatever the model is made of. */
  readonly composite?: "auto";
}

/** The default map of every class, or that of a seed. */
export const mapsOf = async (text: string, { shape, seed, classes = 3, composite, ...options }: MapsAsked): Promise<Maps> => {
  await using lit = await loadText(text, options);
  const x = noise(shape, 5, 4);
  const all = [];
  const asked = { ...(seed && { seed }), ...(composite && { composite }) };
  for (let target = 0; target < classes; target++) all.push(await lit.explain(x, { target, ...asked }));
  const { output, recipe } = all[0]!;
  return {
    maps: all.map(({ relevance }) => numbers(relevance)),
    output: numbers(output),
    notes: all.map(({ notes }) => notes[0]?.kind),
    seed: (recipe as { readonly seed: Seed }).seed,
  };
};

export const expectSame = (got: readonly number[], want: readonly number[], what: string, tolerance = 1e-4): void => {
  const size = want.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  expect(size, `${what}: a map of nothing`).toBeGreaterThan(0);
  for (const [i, v] of got.entries())
    expect(Math.abs(v - want[i]!), `${what}, value ${i}: ${v} for ${want[i]}`).toBeLessThan(tolerance * size);
};
