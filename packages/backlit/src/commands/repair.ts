/** backlit repair: a concept taken out of a model. */
import { fail, REPAIR_SCOPES, type RepairScope } from "@backlit/core";
import { choice, percent, type RepairResult, repairJob } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import { conceptOf } from "../options/concept.ts";
import { addDataSet, type DataSetOptions, dataSetRequest } from "../options/data-set.ts";
import { type Register, working } from "./command.ts";

interface RepairOptions extends Omit<DataSetOptions, "target"> {
  readonly concept?: string;
  readonly value?: string;
  readonly direction?: "auto" | "pattern" | "svm";
  readonly scope?: RepairScope;
  readonly reactive?: boolean;
  readonly out: string;
}

/** What the direction has a number for. */
const SCOPES: Readonly<Record<RepairScope, string>> = {
  neurons: "neurons",
  positions: "channels, taken out position by position",
  patches: "channels; positions that have it, and those around them, become what is usual",
  channels: "channels",
};

export const repairCommand: Register = (program, io) => {
  const command = program
    .command("repair")
    .description("take a concept out of a model: learnt from samples without it and with it, projected away at a layer (P-ClArC)")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument(
      "<clean>",
      "samples without the artefact (with --concept FILE.json#…: the data of the clusters): a folder of pictures, .npz, .npy",
    )
    .argument("[artefacts]", "samples with it")
    .requiredOption("-o, --out <file>", "the file to write")
    .option(
      "--concept <concept>",
      "a channel VALUE:CHANNEL, a direction FILE.npy, a cluster FILE.json#CLASS.CLUSTER, or FILE.json#CLASS.anywhere (default: what tells both sets of samples apart)",
    )
    .option("--value <value>", "the value inside at which it is taken out")
    .option(
      "--direction <method>",
      "pattern, svm or auto (default): of patches svm for FILE.json#CLASS.anywhere, else the one that tells samples apart better; of other scopes pattern",
      choice("direction", ["auto", "pattern", "svm"]),
    )
    .option(
      "--scope <scope>",
      "a number of the direction for each of neurons, or of channels: taken out position by position (positions), filled with what is usual where a mark is (patches), or by one step everywhere (channels); default: positions for a given channel or direction, else neurons or channels, what tells samples apart better",
      choice("scope", REPAIR_SCOPES),
    )
    .option("--reactive", "change only samples with more of it than 95 % of the clean ones have");
  addDataSet(command).action((model: string, clean: string, artefacts: string | undefined, options: RepairOptions) =>
    working(io, options, async (voice, context) => {
      const { direction, scope, reactive, out, json, quiet } = options;
      const given = options.concept === undefined ? undefined : await conceptOf(options.concept);
      const value = options.value ?? given?.value;
      if (value === undefined)
        throw fail("Usage", { what: "no --value", fix: "name a value inside the model; backlit inspect lists them" });
      await checkOutputs([out], [model, clean, ...(artefacts === undefined ? [] : [artefacts])]);
      const { document, files } = await repairJob(
        {
          ...(await dataSetRequest(model, clean, options, context)),
          ...{ value, out },
          ...(artefacts !== undefined && { artefacts }),
          ...(given && { concept: given.concept }),
          ...(direction && { direction }),
          ...(scope && { scope }),
          ...(reactive && { reactive }),
        },
        context,
      );
      await writeFiles(files);
      voice.tell();
      if (json) sayJson(io, document);
      else if (!quiet) say(io, document, report);
    }),
  );
};

const report = (document: RepairResult["document"]): string => {
  const { file, value, scope, direction, tried = [], reactive, model, clean, artefacts } = document;
  const { method, separated, threshold } = direction;
  const told = separated === undefined ? "" : `; it tells ${percent(separated)} of the samples apart`;
  const others = tried.filter((one) => one.scope !== scope || one.method !== method);
  const beside = others.map((one) => `${one.method} among ${one.scope} ${percent(one.separated)}`).join(", ");
  return [
    `${file}: ${model.name} without the concept at '${value}'`,
    `its direction is ${method === "given" ? "given" : `learnt (${method})`}, a number for each of ${direction.vector.length} ${SCOPES[scope]}${told}${beside && ` (${beside})`}`,
    reactive
      ? `samples with more of it than ${threshold.toPrecision(3)} are brought to ${direction.clean.toPrecision(3)}, the others are left as they are`
      : `every sample is brought to ${direction.clean.toPrecision(3)} of it, as clean ones have`,
    outcome("clean samples", clean),
    ...(artefacts ? [outcome("samples with it", artefacts)] : []),
    "",
  ].join("\n");
};

const outcome = (what: string, { samples, changed, accuracy, relevance }: RepairResult["document"]["clean"]): string =>
  [
    `${samples} ${what}: ${changed} have another class now`,
    ...(accuracy ? [`right ${percent(accuracy.before)}, now ${percent(accuracy.after)}`] : []),
    ...(relevance ? [`relevance where the concept is ${percent(relevance.before)}, now ${percent(relevance.after)}`] : []),
  ].join("; ");
