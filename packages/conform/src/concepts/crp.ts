/** Conditional relevance: expectations with masks, sums per channel, several classes at once, or a start inside the network. */
import {
  type Condition,
  type ExplainOptions,
  type Explanation,
  type FloatTensor,
  fail,
  parseRecipe,
  type Tensor,
  toFloat32,
} from "@backlit/core";
import type { Expectation } from "../cases.ts";
import type { Answer, Given } from "./given.ts";

interface Conditional extends Omit<Expectation, "start"> {
  readonly conditions?: readonly Condition[];
  readonly pairing?: "per-sample" | "product";
  readonly parallel?: "keep" | "exclude";
  /** Begins at a value inside: its channels, sample by sample, as they are. */
  readonly start?: { readonly tensor: string; readonly channels: readonly (readonly number[])[]; readonly seed: "value" };
  readonly reduce?: "channel-sum" | "channel-sum-abs-norm";
  readonly axis?: number;
}

export const conditional = async (given: Given, expectation: Expectation): Promise<Answer> => {
  const { it, lit, feeds } = given;
  const { conditions, pairing, parallel, reduce, axis, start, ...rest } = expectation as unknown as Conditional;
  const { seed, tensor, input, ...fields } = rest as Expectation;
  // Relevance at a value is that of the whole way to the input: which layer comes first hangs on it.
  const { recipe } = parseRecipe({
    ...fields,
    ...(seed !== null && { seed }),
    ...(input !== undefined && { explain: input }),
    output: start?.tensor ?? it.output!,
  });
  const options: ExplainOptions = {
    ...recipe,
    recipe: 1,
    ...(await seeded(given, rest as Expectation, start)),
    ...(conditions && { conditions: pairing === "product" ? { list: conditions } : conditions, only: parallel === "exclude" }),
    ...(tensor !== undefined && (reduce ? { channels: [{ value: tensor, axis: axis ?? 1 }] } : { layers: [tensor] })),
  };
  const explanation = await lit.explain(feeds, options);
  const got =
    tensor === undefined ? explanation.relevance : reduce ? sums(explanation, tensor, reduce) : explanation.layers[tensor]!;
  return { got };
};

/** A class per sample; several of them, or a value inside, as the vector they are. */
const seeded = async (
  { it, lit, feeds }: Given,
  { seed, targets }: Expectation,
  start: Conditional["start"],
): Promise<ExplainOptions> => {
  const at = start?.tensor ?? it.output!;
  if (start === undefined && !targets!.some(Array.isArray)) return { target: targets as readonly number[] };
  const { values, outputs } = await lit.explain(feeds, {
    method: "gradient",
    output: it.output!,
    ...(start && { explain: start.tensor }),
  });
  const { dims, data } = toFloat32(start ? values[at]! : outputs[at]!) as FloatTensor;
  const named = start?.channels ?? (targets as readonly (readonly number[])[]);
  const inner = dims.slice(2).reduce((a, b) => a * b, 1);
  const vector = new Float32Array(data.length);
  for (const [n, channels] of named.entries())
    for (const c of channels)
      for (let p = 0; p < inner; p++) {
        const i = (n * dims[1]! + c) * inner + p;
        vector[i]! += start !== undefined || seed === "logit" ? data[i]! : 1;
      }
  return { seed: "vector", seedVector: { type: "float32", dims, data: vector } };
};

const sums = ({ channels }: Explanation, value: string, reduce: Conditional["reduce"]): Tensor => {
  const { dims, relevance } = channels![value]!;
  if (reduce === "channel-sum") return { type: "float32", dims, data: relevance.sum };
  if (reduce !== "channel-sum-abs-norm") throw fail("BadInput", { what: `reduce '${String(reduce)}'` });
  const width = dims.at(-1)!;
  const data = relevance.sum.map((v, i) => {
    const from = i - (i % width);
    return v / (1e-10 + relevance.sum.subarray(from, from + width).reduce((a, b) => a + Math.abs(b), 0));
  });
  return { type: "float32", dims, data };
};
