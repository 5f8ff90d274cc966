/** backlit concepts: which samples single channels of a model stand for. */
import { fail, type Mode, type Statistic } from "@backlit/core";
import { choice, conceptsJob, conceptsReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, openFolder, writeFiles } from "../host/write-files.ts";
import { collect } from "../options/choices.ts";
import { addExplaining, type DataSetOptions, dataSetRequest } from "../options/data-set.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Register, working } from "./command.ts";

interface ConceptsOptions extends DataSetOptions {
  readonly value?: readonly string[];
  readonly by?: Mode;
  readonly statistic?: Statistic;
  readonly raw?: boolean;
  readonly top?: number;
  readonly perClass?: number;
  readonly vectors?: boolean;
  readonly out?: string;
}

export const conceptsCommand: Register = (program, io) => {
  const command = program
    .command("concepts")
    .description("for each channel of a layer the samples it is most relevant, or active, for")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "as for evaluate: a folder of pictures, .npz, .npy, .parquet, .csv, .txt")
    .option("--value <value>", "a value inside whose channels are looked at (repeatable)", collect)
    .option("--by <mode>", "relevance or activation (default: both)", choice("by", ["relevance", "activation"]))
    .option("--statistic <name>", "over positions: sum or max (default: sum)", choice("statistic", ["sum", "max"]))
    .option("--raw", "rank by relevance as it is, not by its share of the layer's")
    .option("--top <n>", "samples kept of each channel (default: 8)", wholeNumber("top"))
    .option("--per-class <n>", "samples kept of each channel and class (default: none)", wholeNumber("per-class"))
    .option("--vectors", "the channel relevances of every sample too, in --json and --out")
    .option("-o, --out <file>", "write the result as .json");
  addExplaining(command).action((model: string, data: string, options: ConceptsOptions) => {
    const { value, by, statistic, raw, top, perClass, vectors, out, json, quiet } = options;
    if (value === undefined)
      throw fail("Usage", { what: "no --value", fix: "name a value inside the model; backlit inspect lists them" });
    return working(io, options, async (voice, context) => {
      if (out !== undefined) await checkOutputs([out], [model, data]);
      if (options.cache !== undefined) await openFolder(options.cache);
      const { result } = await conceptsJob(
        {
          ...(await dataSetRequest(model, data, options, context)),
          values: value,
          ...(by && { modes: [by] }),
          ...(statistic && { statistic }),
          ...(raw && { share: false }),
          ...(top !== undefined && { top }),
          ...(perClass !== undefined && { perClass }),
          ...(vectors && { vectors }),
        },
        context,
      );
      if (out !== undefined) await writeFiles([{ path: out, chunks: [new TextEncoder().encode(`${JSON.stringify(result)}\n`)] }]);
      voice.tell();
      if (json) sayJson(io, result, 0);
      else if (!quiet) say(io, result, (shown) => conceptsReport(shown, io));
    });
  });
};
