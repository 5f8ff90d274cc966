/** backlit compile: the model that also says why, as an .onnx file. */
import { dataTypeName, recipeHash, type ValueInfoProto, VERSION } from "@backlit/core";
import { bytes, describeRecipe, dimsOf, seconds, type Voice } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkWritten } from "../model/check-written.ts";
import { checkBeside, outputsOf, store } from "../model/store.ts";
import { checkOutputs, writeFiles } from "../write-files.ts";
import { addChoices, type ChoiceOptions, collect } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { addMasks } from "./conditions.ts";
import { type Prepared, prepare } from "./prepare.ts";

interface CompileOptions extends ChoiceOptions {
  readonly out: string;
  readonly ledger?: boolean;
  readonly mask?: readonly string[];
  readonly only?: boolean;
  readonly sidecar?: boolean;
  readonly check: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const compileCommand: Register = (program, io) => {
  const command = program
    .command("compile")
    .description("write a model whose outputs are the prediction and its relevance")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name")
    .requiredOption("-o, --out <file>", "the file to write")
    .option(
      "--target <class>",
      'argmax, input (the class is fed), an index, top:K, a label, "A minus B", value or value:NAME; repeated: a map each (default: argmax)',
      collect,
    )
    .option(
      "--seed <seed>",
      "one, logit, log-odds, contrastive, contrastive:LABEL, input (relevance is fed) or direction (what is explained of the logits is fed)",
    );
  addMasks(addChoices(command))
    .option("--layer <value>", "relevance of a value inside the graph as an output too (repeatable)", collect)
    .option("--ledger", "the ledger as an output")
    .option("--sidecar", "leave the weights in the original's file, in whose folder the output must lie")
    .option("--no-check", "do not open what was written and compare its outputs with the model's")
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report and notices")
    .action(async (model: string, options: CompileOptions) => {
      await checkOutputs([options.out]);
      if (options.sidecar) await checkBeside(model, options.out);
      const voice = voiceOf(io, options.quiet);
      try {
        const prepared = await prepare(model, [], options, io, voice);
        await checkOutputs(outputsOf(options.out, prepared.bundle, options.sidecar ?? false), prepared.bundle.files);
        const result = await compile(prepared, options, voice);
        voice.tell();
        if (options.json) sayJson(io, result);
        else if (!options.quiet) say(io, result, report);
      } finally {
        voice.done();
      }
    });
};

/** The document of `--json`; its keys are a contract. */
const compile = async (
  { bundle, choices, ...prepared }: Prepared,
  { out, ledger = false, mask, only, sidecar = false, check }: CompileOptions,
  voice: Voice,
) => {
  await using lit = prepared.lit;
  voice.progress("compiling");
  const started = performance.now();
  const made = await lit.compile({ ...choices, ledger, ...(mask && { masks: mask }), ...(only && { only }) });
  const { model, names, notices, plan } = made;
  notices.forEach(voice.note);
  const compiled = performance.now();
  const { files, size, stays } = await store(model, bundle, out, sidecar);
  const checking = async () => {
    voice.progress("checking");
    (await checkWritten(lit, made, bundle, out)).forEach(voice.note);
  };
  await writeFiles(files, check ? checking : undefined);
  const written = performance.now();
  const added = (all: readonly ValueInfoProto[], own: readonly ValueInfoProto[]) =>
    all.filter(({ name }) => !own.some((one) => one.name === name)).map(describe);
  return {
    version: VERSION,
    model: { name: bundle.name, path: bundle.path, sha256: await lit.sha256, identity: await lit.identity, bytes: bundle.size },
    file: out,
    files: files.map(({ path }) => path),
    bytes: size,
    /** Files of the original that hold a sidecar's weights. */
    weights_stay_in: stays,
    inputs: added(model.graph.input, bundle.model.graph.input),
    outputs: added(model.graph.output, bundle.model.graph.output),
    names,
    recipe: plan.recipe,
    hash: await recipeHash(plan.recipe),
    timings: { ...prepared.timings, compile: compiled - started, write: written - compiled },
    notices: voice.notices,
  };
};

const describe = (value: ValueInfoProto) => ({
  name: value.name,
  type: dataTypeName(value.type?.tensorType?.elemType ?? 0),
  dims: dimsOf(value).map((size) => size ?? null),
});

const report = ({
  file,
  bytes: size,
  files,
  weights_stay_in: stays,
  model,
  inputs,
  outputs,
  recipe,
  hash,
  timings,
}: Awaited<ReturnType<typeof compile>>): string => {
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
