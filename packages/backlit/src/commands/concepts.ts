/** backlit concepts: which samples single channels of a model stand for. */
import { conceptsJob, conceptsReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, openFolder, writeFiles } from "../host/write-files.ts";
import { addConcepts, type ConceptsOptions, conceptsRequest } from "../options/concepts.ts";
import { type Register, working } from "./command.ts";

interface Options extends ConceptsOptions {
  readonly out?: string;
}

export const conceptsCommand: Register = (program, io) => {
  const command = program
    .command("concepts")
    .description("for each channel of a layer the samples it is most relevant, or active, for")
    .option("-o, --out <file>", "write the result as .json");
  addConcepts(command).action((model: string, data: string, options: Options) =>
    working(io, options, async (voice, context) => {
      const { out, json, quiet } = options;
      const request = await conceptsRequest(model, data, options, context);
      if (out !== undefined) await checkOutputs([out], [model, data]);
      if (options.cache !== undefined) await openFolder(options.cache);
      const { result } = await conceptsJob(request, context);
      if (out !== undefined) await writeFiles([{ path: out, chunks: [new TextEncoder().encode(`${JSON.stringify(result)}\n`)] }]);
      voice.tell();
      if (json) sayJson(io, result, 0);
      else if (!quiet) say(io, result, (shown) => conceptsReport(shown, io));
    }),
  );
};
