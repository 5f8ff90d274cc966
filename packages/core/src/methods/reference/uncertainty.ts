/**
 * How far a heatmap depends on what nobody knows: the mean and the standard deviation, position by position, of the maps made with several values of a
 * choice (ε, γ, the baseline, the composite) or of noisy copies of the input. Where the deviation exceeds the mean, the map's sign is not to be read.
 */

import type { MethodParams } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../tensor/float.ts";
import { type Moments, momentsOf } from "../gradient/moments.ts";
import { namedWithParams } from "../gradient/noise-tunnel.ts";
import type { Method, Task } from "../method.ts";

/** What is varied: with which method if none is named, over which values. */
const CHOICES: Readonly<Record<string, { readonly of: string; readonly values: string }>> = {
  epsilon: { of: "epsilon-plus-flat", values: "1e-9,1e-6,1e-4,1e-3,1e-2,1e-1" },
  gamma: { of: "gamma", values: "0.05,0.1,0.25,0.5,1" },
  baseline: { of: "integrated-gradients", values: "zero,mean" },
  composite: { of: "", values: "epsilon-plus-flat,epsilon-plus,epsilon-alpha2-beta1,gamma" },
  noise: { of: "gradient-x-input", values: "" },
};

export const uncertainty: Method = {
  card: {
    name: "uncertainty",
    family: "reference",
    what: "the mean map of a method over several values of one of its choices, and how far the maps spread",
    assumes: "the values tried are all as good a choice",
    conserves: "on average what the method inside conserves; nothing where maps are scaled alike",
    cost: "values (or samples) × the method inside",
    classDiscriminative: true,
    source: "the spread over explanation ensembles: Rieger, Hansen 2020; Bykov et al. 2020",
    parameters: {
      over: { what: "what is varied", default: "epsilon", choices: Object.keys(CHOICES) },
      of: {
        what: "the method inside: a name, or with parameters as in integrated-gradients:steps=20; empty: one that has the choice",
        default: "",
      },
      values: { what: "values tried, separated by commas; empty: the usual ones", default: "" },
      samples: { what: "noisy copies", default: 20, min: 2, max: 10_000, integer: true },
      level: { what: "standard deviation of the noise as a share of the sample's range", default: 0.1, min: 0, max: 10 },
      alike: { what: "every map scaled to Σ|R| = 1 before they are compared", default: false },
    },
  },
  attribute: async (task) => {
    const variants = variantsOf(task);
    let moments: Moments | undefined;
    for (const { method, params, x } of variants) {
      const { relevance } = await task.attribute(method, params, x?.());
      const map = task.params.alike ? alike(relevance) : relevance;
      moments ??= momentsOf(map, variants.length);
      moments.add(map.data);
    }
    const variance = moments!.variance();
    return {
      relevance: moments!.mean(),
      spread: { ...variance, data: variance.data.map(Math.sqrt) },
      notices: [`mean and standard deviation of ${variants.length} maps: ${said(variants)}`],
    };
  },
};

interface Variant {
  readonly name: string;
  readonly method: string;
  readonly params: MethodParams;
  /** Made when its turn comes. */
  readonly x?: () => FloatTensor;
}

/** The method inside, with all values of the choice that is varied where that is a baseline. */
export const insideUncertainty = (params: MethodParams): readonly [method: string, params: MethodParams] => {
  const over = params.over as string;
  const usual = CHOICES[over];
  const [method, own] = namedWithParams(((params.of || usual?.of) ?? "") as string);
  return [method, over === "baseline" ? { ...own, baseline: params.values || usual!.values } : own];
};

const variantsOf = (task: Task): readonly Variant[] => {
  const over = task.params.over as string;
  const usual = CHOICES[over]!;
  const [method, params] = namedWithParams((task.params.of as string) || usual.of);
  if (over === "noise")
    return Array.from({ length: task.params.samples as number }, (_, k) => ({
      name: `copy ${k + 1}`,
      method,
      params,
      x: () => noisyCopy(task, k),
    }));
  const values = ((task.params.values as string) || usual.values).split(",").map((value) => value.trim());
  if (values.length < 2)
    throw fail("BadRecipe", {
      what: `values '${values.join()}'`,
      why: "one map has no spread",
      fix: "give two or more, separated by commas",
    });
  return values.map((value) =>
    over === "composite"
      ? { name: value, method: value, params: {} }
      : {
          name: `${over} ${value}`,
          method,
          params: { ...params, [over]: Number.isFinite(Number(value)) && over !== "baseline" ? Number(value) : value },
        },
  );
};

const NOISE = 0x75; // a stream of its own

const noisyCopy = ({ x, params, random }: Task, k: number): FloatTensor => {
  const copy = { ...x, data: x.data.slice() };
  for (let n = 0; n < x.dims[0]!; n++) {
    const values = sampleOf(copy, n);
    const range = values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b));
    const noise = random.stream(NOISE, random.id(n), k);
    for (let i = 0; i < values.length; i++) values[i]! += (params.level as number) * range * noise.normal();
  }
  return copy;
};

const alike = (map: FloatTensor): FloatTensor => {
  const out = { ...map, data: map.data.slice() };
  for (let n = 0; n < map.dims[0]!; n++) {
    const values = out.data.subarray(n * widthOf(map), (n + 1) * widthOf(map));
    const total = values.reduce((sum, v) => sum + Math.abs(v), 0) || 1;
    for (let i = 0; i < values.length; i++) values[i]! /= total;
  }
  return out;
};

const said = (variants: readonly Variant[]): string =>
  variants.length <= 8 ? variants.map(({ name }) => name).join(", ") : `${variants[0]!.name} to ${variants.at(-1)!.name}`;
