/**
 * Noise tunnels: maps of noisy copies x + σ·ε of the input, ε standard normal, σ a share of the sample's range.
 *
 *   smoothgrad          their mean            (Smilkov et al. 2017)
 *   smoothgrad-squared  the mean of squares   (Hooker et al. 2019)
 *   vargrad             their variance        (Adebayo et al. 2018)
 *
 * Around any method. Those of one compiled pass run all noisy copies in full batches.
 */

import type { MethodCard } from "../../cards/method.ts";
import { fail } from "../../errors.ts";
import { repeatedRows } from "../../oracle/rows.ts";
import { type FloatTensor, sampleOf, widthOf, zerosLike } from "../../tensor/float.ts";
import { compiledRecipe } from "../compiled/recipe.ts";
import type { Method, Task } from "../method.ts";
import { type Moments, momentsOf } from "./moments.ts";

const parameters: MethodCard["parameters"] = {
  of: {
    what: "the method inside: a name, or with parameters as in integrated-gradients:steps=20,baseline=blur; a composite for relevance",
    default: "gradient",
  },
  samples: { what: "noisy copies", default: 50, min: 2, max: 100_000, integer: true },
  level: { what: "standard deviation of the noise as a share of the sample's range (max − min)", default: 0.15, min: 0, max: 10 },
  clamp: { what: "keep noisy values within the sample's range", default: false },
};

const tunnel = (
  card: Pick<MethodCard, "name" | "what" | "conserves" | "source" | "slope">,
  read: (maps: Moments) => { relevance: FloatTensor; spread?: FloatTensor },
): Method => ({
  card: {
    ...card,
    family: "gradient",
    assumes: "inputs this close to the sample are ones the model can judge, and mean the same",
    cost: "samples × the method inside (a gradient: samples G)",
    classDiscriminative: true,
    joint: true,
    parameters,
  },
  attribute: async (task) => read(await noisyMaps(task)),
});

const smoothgrad = tunnel(
  {
    name: "smoothgrad",
    slope: true,
    what: "the mean map of noisy copies of the input, with its standard error",
    conserves: "what the method inside conserves, on average over the noise",
    source: "Smilkov, Thorat, Kim, Viégas, Wattenberg 2017",
  },
  (maps) => ({ relevance: maps.mean(), spread: maps.standardError() }),
);
const smoothgradSquared = tunnel(
  {
    name: "smoothgrad-squared",
    what: "the mean of squared maps of noisy copies of the input",
    conserves: "nothing",
    source: "Hooker, Erhan, Kindermans, Kim 2019",
  },
  (maps) => ({ relevance: maps.meanSquare() }),
);
const vargrad = tunnel(
  {
    name: "vargrad",
    what: "the variance of the maps of noisy copies of the input",
    conserves: "nothing",
    source: "Adebayo, Gilmer, Goodfellow, Kim 2018",
  },
  (maps) => ({ relevance: maps.variance() }),
);

export const noiseTunnels: readonly Method[] = [smoothgrad, smoothgradSquared, vargrad];

const noisyMaps = async (task: Task): Promise<Moments> => {
  const { x, params, oracle } = task;
  const count = params.samples as number;
  const [name, given] = namedWithParams(params.of as string);
  const write = noisy(task);
  const recipe = compiledRecipe(name, given);
  if (recipe !== undefined) {
    const moments = momentsOf(x, count);
    const rows = repeatedRows(oracle.samples, count, write);
    const width = widthOf(x);
    await oracle.relevance(rows, (row, { relevance }) => moments.add(relevance, rows.sample(row) * width), { recipe });
    return moments;
  }
  let moments: Moments | undefined;
  for (let k = 0; k < count; k++) {
    const moved = zerosLike(x);
    for (let n = 0; n < oracle.samples; n++) write(n, k, sampleOf(moved, n));
    const { relevance } = await task.attribute(name, given, moved);
    moments ??= momentsOf(relevance, count); // a class activation map has its own shape
    moments.add(relevance.data);
  }
  return moments!;
};

/** Writes noisy copy k of sample n. */
const noisy = ({ x, params, random }: Task): ((n: number, k: number, into: Float32Array) => void) => {
  const ranges = Array.from({ length: x.dims[0]! }, (_, n) => rangeOf(sampleOf(x, n)));
  return (n, k, into) => {
    const [low, high] = ranges[n]!;
    const sigma = (params.level as number) * (high - low);
    const noise = random.stream(NOISE, random.id(n), k);
    const sample = sampleOf(x, n);
    for (let i = 0; i < into.length; i++) {
      const value = sample[i]! + sigma * noise.normal();
      into[i] = params.clamp ? Math.min(high, Math.max(low, value)) : value;
    }
  };
};
const NOISE = 0x6e6f; // a stream of its own: the method inside may draw, too

const rangeOf = (values: Float32Array): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  return [low, high];
};

/** "name" or "name:key=value,key=value": numbers, true and false are read as such. Errors: BadRecipe. */
export const namedWithParams = (text: string): readonly [name: string, params: Record<string, number | string | boolean>] => {
  const colon = text.indexOf(":");
  if (colon < 0) return [text, {}];
  const pairs = text
    .slice(colon + 1)
    .split(",")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 1) throw fail("BadRecipe", { what: `'${pair}' in '${text}'`, fix: "write name:key=value,key=value" });
      return [pair.slice(0, equals).trim(), literal(pair.slice(equals + 1).trim())] as const;
    });
  return [text.slice(0, colon), Object.fromEntries(pairs)];
};

const literal = (text: string): number | string | boolean => {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
};
