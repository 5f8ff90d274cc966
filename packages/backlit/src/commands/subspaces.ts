/** backlit subspaces: a layer's channels turned to the directions that relevance takes. */
import { fail } from "@backlit/core";
import { percent, type SubspacesResult, subspacesJob } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import { addExplaining, type DataSetOptions, dataSetRequest } from "../options/data-set.ts";
import { type Register, working } from "./command.ts";

interface SubspacesOptions extends DataSetOptions {
  readonly value?: string;
  readonly out: string;
}

export const subspacesCommand: Register = (program, io) => {
  const command = program
    .command("subspaces")
    .description(
      "turn the channels of a layer to the directions that relevance takes (PRCA), in a model that does the same as before",
    )
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("<data>", "as for evaluate: a folder of pictures, .npz, .npy, .parquet, .csv, .txt")
    .requiredOption("-o, --out <file>", "the model to write: behind VALUE it has VALUE/subspaces, a channel for each direction")
    .option("--value <value>", "the value inside whose channels are turned");
  addExplaining(command).action((model: string, data: string, options: SubspacesOptions) =>
    working(io, options, async (voice, context) => {
      const { value, out, json, quiet } = options;
      if (value === undefined)
        throw fail("Usage", { what: "no --value", fix: "name a value inside the model; backlit inspect lists them" });
      await checkOutputs([out], [model, data]);
      const { document, files } = await subspacesJob(
        { ...(await dataSetRequest(model, data, options, context)), ...{ value, out } },
        context,
      );
      await writeFiles(files);
      voice.tell();
      if (json) sayJson(io, document, 0);
      else if (!quiet) say(io, document, textOf);
    }),
  );
};

const FIRST = 8;

const textOf = ({ file, value, relevance, data, model }: SubspacesResult["document"]): string => {
  const all = relevance.reduce((sum, v) => sum + v, 0);
  const first = relevance.slice(0, FIRST);
  return `${model.name} on ${data.name}: ${data.count} samples
'${value}': ${relevance.length} directions, the most relevant first
of the relevance that passes, the first ${first.length} have ${first.map((v) => percent(v / all)).join(", ")}
wrote ${file}
`;
};
