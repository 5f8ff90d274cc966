/** Prototypes in an artefact: whether each decision is ordinary, as outputs. */
import { type Compiled, type Explainer, fail, recipeHash, withPrototypes } from "@backlit/core";
import { checkComparable, readPrototypes } from "../explain/ordinary.ts";
import type { JobContext } from "../request.ts";

/** Of a file of prototypes: the values whose channels are asked for, and what is put behind them. Errors: NotFound, BadInput; BadRecipe for several classes at once. */
export const prototypesIn = async (lit: Explainer, path: string, { host }: JobContext) => {
  const file = await readPrototypes(host.files, path);
  return {
    channels: Object.keys(file.prototypes),
    put: async ({ model, names, plan }: Pick<Compiled, "model" | "names" | "plan">) => {
      await checkComparable(lit, file, await recipeHash(plan.recipe));
      const dims = model.graph.output.find(({ name }) => name === names.target)?.type?.tensorType?.shape ?? [];
      if (dims.length !== 1)
        throw fail("BadRecipe", {
          what: "prototypes in this artefact",
          why: "they judge one class for each sample",
          fix: "leave --target out, or name one class",
        });
      const all = Object.entries(file.prototypes).map(([value, classes]) => ({
        ...{ value, classes, target: names.target },
        channels: names.channels![value]!,
      }));
      return withPrototypes(model, all);
    },
  };
};
