/** Inputs are finite (checked before), so what is NaN in a result was made by the model: by its weights, by masks, or by numbers that overflow. */
import { fail } from "../errors.ts";
import type { Explanation } from "./types.ts";

/**
 * The explanation, with a notice that names node and cause where output or relevance is not finite everywhere. `broken` finds them, and is
 * asked only then. Errors: BadModel, where nothing of the output is a number.
 */
export const withFiniteOutput = async (
  explanation: Explanation,
  broken: () => Promise<string | undefined>,
): Promise<Explanation> => {
  const { output, relevances, notices } = explanation;
  const none = count(output.data as ArrayLike<number>, Number.isNaN);
  const lost = Object.entries(relevances).flatMap(([name, { data }]) => {
    const odd = count(data, (v) => !Number.isFinite(v));
    return odd === 0 ? [] : [`relevance of '${name}' is not finite at ${odd} of ${data.length} values`];
  });
  if (none === 0 && lost.length === 0) return explanation;
  const cause = await broken();
  if (none > 0 && none === output.data.length)
    throw fail("BadModel", {
      what: "the output is NaN",
      where: `${none} of ${output.data.length} values`,
      why: `the input is finite, ${cause ? `but ${cause}` : "so numbers overflow inside the model, or weights beside it are NaN"}`,
      fix: "run it on this input where it was trained",
    });
  const said = [...(none > 0 ? [`the output is NaN at ${none} of ${output.data.length} values`] : []), ...lost];
  return { ...explanation, notices: [...notices, ...said.map((line) => (cause ? `${line}: ${cause}` : line))] };
};

const count = (values: ArrayLike<number>, is: (value: number) => boolean): number => {
  let found = 0;
  for (let i = 0; i < values.length; i++) if (is(values[i]!)) found++;
  return found;
};
