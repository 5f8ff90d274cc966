/** Vector-Jacobian products of a model, as the artefact of method `gradient` computes them, and by differences. */
import type { Recipe } from "../../src/plan/index.ts";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { expectClose } from "./compare.ts";
import { explain, type Feeds, floats, noise, numbers, sessionOf } from "./run.ts";

export interface Vjp {
  readonly seed: number[];
  readonly output: number[];
  /** By explained input. */
  readonly gradients: Readonly<Record<string, number[]>>;
}

/** Jᵀs for a random s at the output `y`. */
export const vjpOf = async (text: string, feeds: Feeds, recipe: Recipe = {}): Promise<Vjp> => {
  const first = await forward(text, feeds);
  const seed = noise(first.dims, 5);
  const { compiled, out } = await explain(
    text,
    feeds,
    { recipe: { method: "gradient", seed: "vector", ...recipe }, sample: feeds },
    { seed },
  );
  const gradients = Object.entries(compiled.names.relevance).map(([name, output]) => [name, numbers(out[output])]);
  return { seed: numbers(seed), output: numbers(out.y), gradients: Object.fromEntries(gradients) };
};

const forward = async (text: string, feeds: Feeds): Promise<Tensor> => {
  await using session = await sessionOf(text);
  return (await session.run(feeds)).y!;
};

/** sᵀ J by central differences, to fourth order in h; exact for maps that are linear within 2h. */
export const numericVjp = async (
  text: string,
  feeds: Feeds,
  input: string,
  seed: readonly number[],
  h: number,
): Promise<number[]> => {
  await using session = await sessionOf(text);
  const { dims, data } = feeds[input]!;
  const x = Array.from(data as Float32Array);
  const along = async (i: number, step: number): Promise<number> => {
    const moved = x.map((v, k) => (k === i ? v + step : v));
    const y = numbers((await session.run({ ...feeds, [input]: floats(dims, moved) })).y);
    return y.reduce((total, v, j) => total + v * seed[j]!, 0);
  };
  const gradient: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const near = (await along(i, h)) - (await along(i, -h));
    const far = (await along(i, 2 * h)) - (await along(i, -2 * h));
    gradient.push((8 * near - far) / (12 * h));
  }
  return gradient;
};

/** A model in one line: nodes from its inputs to `z`. */
export const net = (inputs: string, nodes: string, held = "", opset = 17): string =>
  `<ir_version: 9, opset_import: ["" : ${opset}]> net (${inputs}) => (float[] y) <${held ? `${held}, ` : ""}float unit = {1}> { ${nodes} y = Mul(z, unit) }`;

/** Random values for inputs as `net` takes them: "float[2,3] x, float[3] w". */
export const feedsOf = (
  inputs: string,
  make: (dims: readonly number[], seed: number) => Tensor = (dims, k) => noise(dims, k, 3),
): Feeds =>
  Object.fromEntries(
    inputs.split(/, (?=float)/).map((text, k) => {
      const [, dims, name] = /float\[(.*)\] (\w+)/.exec(text)!;
      return [name, make(dims!.split(",").map(Number), 21 + k)];
    }),
  );

/** Fails unless the gradient of every input agrees with central differences. Returns the gradients. */
export const checkDerivative = async (
  text: string,
  feeds: Feeds,
  { h = 2 ** -6, tolerance = 3e-5, recipe = {} as Recipe } = {},
): Promise<Vjp> => {
  const got = await vjpOf(text, feeds, recipe);
  for (const [name, gradient] of Object.entries(got.gradients))
    expectClose(gradient, await numericVjp(text, feeds, name, got.seed, h), tolerance, name);
  return got;
};

/** All different, shuffled whole numbers around 0: no ties, and room for steps below a quarter. */
export const distinct = (dims: readonly number[], seed = 3): Tensor => {
  const order = numbers(noise(dims, seed))
    .map((v, i) => [v, i] as const)
    .sort(([a], [b]) => a - b);
  const data = new Float32Array(order.length);
  order.forEach(([, i], rank) => {
    data[i] = rank - Math.floor(order.length / 2) + 0.5;
  });
  return floats(dims, data);
};
