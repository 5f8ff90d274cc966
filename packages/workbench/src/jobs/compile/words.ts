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
    ...(document.preprocess ? pixelLines(document.preprocess) : []),
    `recipe   ${describeRecipe(recipe)}`,
    `hash     ${hash}`,
    `time     ${seconds(timings.read)} reading, ${seconds(timings.trace)} tracing, ${seconds(timings.compile)} compiling`,
    "",
  ].join("\n");
};

/** What is fed now, and what the relevance belongs to. */
const pixelLines = ({ input, value, before, inside }: NonNullable<CompileDocument["preprocess"]>): readonly string[] => {
  const { resize, crop } = before;
  const scaled =
    resize &&
    (resize.to === "size" ? `resized to ${resize.width}x${resize.height}` : `resized to a shorter edge of ${resize.edge}`);
  const steps = [scaled, crop && `cropped to the ${crop.width}x${crop.height} in the middle`].filter(Boolean);
  return [
    `  feed ${input} the picture's bytes, ${inside.channels === 1 ? "grey" : "red first"}${steps.length > 0 ? `, ${steps.join(" and ")}` : ", at any size"}`,
    `  relevance belongs to '${value}', the model's own input ${inside.layout === "nchw" ? "[N, C, H, W]" : "[N, H, W, C]"} behind the preprocessing`,
  ];
};
