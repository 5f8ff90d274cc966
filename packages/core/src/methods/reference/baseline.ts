/** Reference inputs by name: what "nothing there" looks like. */

import type { MethodCard } from "../../cards/method.ts";
import type { MethodParameter } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import { type Layout, layoutOf, positionsOf } from "../../features/index.ts";
import { blurredBy } from "../../numeric/blur.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../tensor/float.ts";
import type { Task } from "../method.ts";

export const BASELINE: MethodParameter = {
  what: "what an input without information is: zero, a number, mean (of the references given, else of each channel), blur or blur:SIGMA, references (each row of those given; the usual one where there are some), mask-token or pad-token (in the place of each token of a text; the usual one where its tokenizer has one); several with +",
  default: "zero",
};

/** The parameters with every row of the references as the baseline, where some are given and nobody says another. */
export const amongReferences = (
  { parameters }: Pick<MethodCard, "parameters">,
  given: Readonly<Record<string, unknown>>,
  references: unknown,
): Readonly<Record<string, unknown>> =>
  references === undefined || !readsRows(parameters) || given.baseline !== undefined
    ? given
    : { ...given, baseline: "references" };

/** The parameters with the token that stands for absence as the baseline, where nobody says another. */
export const amongTokens = (
  { parameters }: Pick<MethodCard, "parameters">,
  given: Readonly<Record<string, unknown>>,
  usual: string | undefined,
): Readonly<Record<string, unknown>> =>
  usual === undefined || parameters.baseline?.default !== "zero" || given.baseline !== undefined
    ? given
    : { ...given, baseline: usual };

/** Whether a method's own baseline is each row of the references that are given. */
const readsRows = (parameters: MethodCard["parameters"]): boolean => parameters.baseline === BASELINE;

export interface Baseline {
  readonly name: string;
  /** Writes the baseline of sample n. */
  write(n: number, into: Float32Array): void;
}

/** Baselines of a parameter such as "zero", "0.5", "blur:10", "zero+blur". Errors: BadRecipe. */
export const baselinesOf = (
  text: string | number | boolean,
  task: Pick<Task, "x" | "kind" | "references" | "absent">,
): readonly Baseline[] =>
  String(text)
    .split("+")
    .flatMap((name) => {
      if (name.trim() === "references") return rowsOf(task.references);
      return [remembered(baselineOf(name.trim(), task), widthOf(task.x))];
    });

/** One baseline a row. */
const rowsOf = (references: FloatTensor | undefined): readonly Baseline[] => {
  if (references === undefined)
    throw fail("BadRecipe", {
      what: "baseline 'references'",
      why: "no references are given",
      fix: "give rows of the data, or name another baseline",
    });
  return Array.from({ length: references.dims[0]! }, (_, m): Baseline => {
    const row = sampleOf(references, m);
    return { name: `reference ${m}`, write: (_n, into) => into.set(row) };
  });
};

/** Each sample's baseline is made once. */
const remembered = ({ name, write }: Baseline, width: number): Baseline => {
  const made = new Map<number, Float32Array>();
  return {
    name,
    write: (n, into) => {
      let known = made.get(n);
      if (known === undefined) {
        known = new Float32Array(width);
        write(n, known);
        made.set(n, known);
      }
      into.set(known);
    },
  };
};

const baselineOf = (
  name: string,
  { x, kind, references, absent }: Pick<Task, "x" | "kind" | "references" | "absent">,
): Baseline => {
  const constant = name === "zero" ? 0 : name === "" ? Number.NaN : Number(name);
  if (Number.isFinite(constant)) return { name, write: (_, into) => void into.fill(constant) };
  if (name === "mean") {
    if (references !== undefined) {
      const mean = meanSample(references);
      return { name, write: (_, into) => into.set(mean) };
    }
    return { name, write: (n, into) => channelMeans(sampleOf(x, n), layoutOf(x.dims, kind), into) };
  }
  if (name === "mask-token" || name === "pad-token") {
    const tokens = absent?.[name];
    if (tokens === undefined) throw noToken("baseline", name);
    return { name, write: (n, into) => into.set(sampleOf(tokens, n)) };
  }
  const sigma = /^blur(?::(\d+(?:\.\d+)?))?$/.exec(name);
  if (sigma !== null && kind === "space")
    return {
      name,
      write: (n, into) => into.set(blurredBy(sampleOf(x, n), x.dims.slice(1), Number(sigma[1] ?? 10))),
    };
  throw fail("BadRecipe", {
    what: `baseline '${name}'`,
    fix: "zero, a number, mean, references, blur or blur:SIGMA (pictures and series), mask-token or pad-token (texts), or several with +",
  });
};

/** The error BadRecipe for a token in place of those of a text. */
export const noToken = (what: string, name: string) =>
  fail("BadRecipe", {
    what: `${what} '${name}'`,
    why: "what is explained is no text, or no tokenizer beside the model has such a token",
    fix: "zero",
  });

const meanSample = (references: FloatTensor): Float32Array => {
  const width = widthOf(references);
  const total = new Float64Array(width);
  for (let m = 0; m < references.dims[0]!; m++) {
    const sample = sampleOf(references, m);
    for (let i = 0; i < width; i++) total[i]! += sample[i]!;
  }
  return Float32Array.from(total, (v) => v / references.dims[0]!);
};

/** Of the channels of a picture or series, of the features of tokens; a table is one channel. */
const channelMeans = (sample: Float32Array, layout: Layout, into: Float32Array): void => {
  const { before, after } = layout;
  const positions = positionsOf(layout);
  const sums = new Float64Array(before * after);
  const at = (i: number) => Math.floor(i / (positions * after)) * after + (i % after);
  for (const [i, value] of sample.entries()) sums[at(i)]! += value;
  for (let i = 0; i < into.length; i++) into[i] = sums[at(i)]! / positions;
};
