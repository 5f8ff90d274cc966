/** What `compile` tells a person. */
import { bytes, seconds } from "../../report/numbers.ts";
import { describeRecipe } from "../../report/recipe.ts";
import type { CompileDocument } from "./run.ts";

export const compileReport = (document: CompileDocument): string => {
  const { file, bytes: size, files, weights_stay_in: stays, model, inputs, outputs, recipe, hash, timings } = document;
  const line = (what: string) => (value: (typeof inputs)[number]) =>
    `  new ${what}  ${value.name}  ${value.type} ${value.dims.map((d) => d ?? "?").join("×")}`;
  return [
    `${file}: ${bytes(size)}, ${size < model.bytes ? "less" : "more"} than ${model.name} by ${bytes(Math.abs(size - model.bytes))}`,
    ...(stays.length > 0 ? [`  weights stay in  ${stays.join(", ")}`] : []),
    ...files.filter((path) => path !== file).map((path) => `  weights in  ${path}`),
    ...inputs.map(line("input ")),
    ...outputs.map(line("output")),
    `recipe   ${describeRecipe(recipe)}`,
    `hash     ${hash}`,
    `time     ${seconds(timings.read)} reading, ${seconds(timings.trace)} tracing, ${seconds(timings.compile)} compiling`,
    "",
  ].join("\n");
};
