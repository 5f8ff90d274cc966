/** backlit repair: a concept taken out of a model. */
import { fail } from "@backlit/core";
import { choice, type RepairResult, repairJob } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import { addDataSet, type DataSetOptions, dataSetRequest } from "../options/data-set.ts";
import { type Register, working } from "./command.ts";

interface RepairOptions extends Omit<DataSetOptions, "target"> {
  readonly value?: string;
  readonly direction?: "pattern" | "svm";
  readonly reactive?: boolean;
  readonly out: string;
}

export const repairCommand: Register = (program, io) => {
  const command = program
    .command("repair")
    .description("take a concept out of a model: learnt from samples without it and with it, projected away at a layer (P-ClArC)")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<clean>", "samples without the artefact: a folder of pictures, .npz, .npy")
    .argument("<artefacts>", "samples with it")
    .requiredOption("-o, --out <file>", "the file to write")
    .option("--value <value>", "the value inside at which it is taken out")
    .option("--direction <method>", "pattern or svm (default: pattern)", choice("direction", ["pattern", "svm"]))
    .option("--reactive", "change only samples with more of it than 95 % of the clean ones have");
  addDataSet(command).action((model: string, clean: string, artefacts: string, options: RepairOptions) => {
    const { value, direction, reactive, out, json, quiet } = options;
    if (value === undefined)
      throw fail("Usage", { what: "no --value", fix: "name a value inside the model; backlit inspect lists them" });
    return working(io, options, async (voice, context) => {
      await checkOutputs([out], [model, clean, artefacts]);
      const { document, files } = await repairJob(
        {
          ...(await dataSetRequest(model, clean, options, context)),
          ...{ artefacts, value, out },
          ...(direction && { direction }),
          ...(reactive && { reactive }),
        },
        context,
      );
      await writeFiles(files);
      voice.tell();
      if (json) sayJson(io, document);
      else if (!quiet) say(io, document, report);
    });
  });
};

const report = ({ file, value, direction, reactive, samples, changed, model }: RepairResult["document"]): string =>
  [
    `${file}: ${model.name} without the concept at '${value}'`,
    `learnt from ${samples.clean} clean samples and ${samples.artefacts} with it; its direction (${direction.method}) tells ${(100 * direction.separated).toFixed(0)} % of them apart`,
    reactive
      ? `samples with more of it than ${direction.threshold.toPrecision(3)} are brought to ${direction.clean.toPrecision(3)}, the others are left as they are`
      : `every sample is brought to ${direction.clean.toPrecision(3)} of it, as clean ones have`,
    `${changed.clean} of ${samples.clean} clean samples and ${changed.artefacts} of ${samples.artefacts} with it have another class now`,
    "",
  ].join("\n");
