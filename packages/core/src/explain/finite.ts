/** Inputs are finite (checked before), so what is NaN in a result was made by the model: by its weights, or by numbers that overflow. */
import { fail } from "../errors.ts";
import type { Explanation } from "./types.ts";

/** The explanation, with a notice where relevance is not finite everywhere. Errors: BadModel, where the output is NaN. */
export const withFiniteOutput = (explanation: Explanation): Explanation => {
  const { output, relevances, notices } = explanation;
  const broken = count(output.data as ArrayLike<number>, Number.isNaN);
  if (broken > 0)
    throw fail("BadModel", {
      what: "the output is NaN",
      where: `${broken} of ${output.data.length} values`,
      why: "the input is finite, so numbers overflow inside the model, or weights beside it are NaN",
      fix: "run it on this input where it was trained",
    });
  const said = Object.entries(relevances).flatMap(([name, { data }]) => {
    const lost = count(data, (v) => !Number.isFinite(v));
    return lost === 0 ? [] : [`relevance of '${name}' is not finite at ${lost} of ${data.length} values`];
  });
  return said.length === 0 ? explanation : { ...explanation, notices: [...notices, ...said] };
};

const count = (values: ArrayLike<number>, is: (value: number) => boolean): number => {
  let found = 0;
  for (let i = 0; i < values.length; i++) if (is(values[i]!)) found++;
  return found;
};
