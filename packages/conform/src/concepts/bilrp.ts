/** Pairs of parts that make two inputs similar. */
import { explainPair, parseRecipe, type Tensor } from "@backlit/core";
import type { Expectation } from "../cases.ts";
import type { Answer, Given } from "./given.ts";

export const pairs = async ({ it, lit, inputs, feeds }: Given, expectation: Expectation): Promise<Answer> => {
  const [name] = Object.keys(feeds) as [string];
  const [, second] = (expectation.inputs ?? Object.keys(inputs)) as readonly [string, string];
  const {
    similarity = "dot",
    grid,
    composite,
  } = expectation as { similarity?: "dot" | "cosine"; grid?: number; composite?: never };
  const recipe = composite === undefined ? { method: "gradient-x-input" } : parseRecipe({ composite }).recipe;
  const found = await explainPair(
    lit,
    feeds,
    { [name]: inputs[second]! },
    {
      ...recipe,
      similarity,
      ...(grid !== undefined && { grid }),
      ...(it.output !== undefined && { output: it.output }),
    },
  );
  if (expectation.id !== "similarity") return { got: found.pairs };
  const got: Tensor = { type: "float64", dims: [found.similarity.length], data: Float64Array.from(found.similarity) };
  return { got };
};
