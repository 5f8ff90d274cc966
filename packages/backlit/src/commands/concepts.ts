/** backlit concepts: which samples single channels of a model stand for. */
import { conceptScores, conceptsJob, conceptsPage, conceptsReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkOutputs, openFolder, writeFiles } from "../host/write-files.ts";
import { addConcepts, type ConceptsOptions, conceptsRequest } from "../options/concepts.ts";
import { checkEndings } from "../options/endings.ts";
import { wholeNumber } from "../options/whole-number.ts";
import { type Register, working } from "./command.ts";

interface Options extends ConceptsOptions {
  readonly out?: string;
  readonly report?: string;
  readonly scores?: string;
  readonly show?: number;
}

export const conceptsCommand: Register = (program, io) => {
  const command = program
    .command("concepts")
    .description("for each channel of a layer the samples it is most relevant, or active, for")
    .option("-o, --out <file>", "write the result as .json")
    .option(
      "--scores <file>",
      "write the samples of each channel, with --vectors those of all samples too, as a long table: .csv or .parquet",
    )
    .option("--report <file>", "write an atlas as .html: reference samples as the channels see them, with the map through each")
    .option("--show <n>", "channels of each value in the atlas (default: 24)", wholeNumber("show"));
  addConcepts(command).action((model: string, data: string, options: Options) =>
    working(io, options, async (voice, context) => {
      const { out, report, scores, show, json, quiet } = options;
      checkEndings({ scores });
      const request = await conceptsRequest(model, data, options, context);
      const outputs = [out, report, scores].filter((path) => path !== undefined);
      if (outputs.length > 0) await checkOutputs(outputs, [model, data]);
      if (options.cache !== undefined) await openFolder(options.cache);
      const wanted = report !== undefined && { atlas: show === undefined ? {} : { channels: show } };
      const { result, atlas } = await conceptsJob({ ...request, ...wanted }, context);
      const text = (content: string) => [new TextEncoder().encode(content)];
      await writeFiles([
        ...(out === undefined ? [] : [{ path: out, chunks: text(`${JSON.stringify(result)}\n`) }]),
        ...(report === undefined || !atlas ? [] : [{ path: report, chunks: text(conceptsPage(result, atlas)) }]),
        ...(scores === undefined ? [] : [{ path: scores, chunks: [await conceptScores(scores, result)] }]),
      ]);
      voice.tell();
      if (json) sayJson(io, result, 0);
      else if (!quiet)
        say(io, result, (shown) => `${conceptsReport(shown, io)}${outputs.length > 0 ? `wrote ${outputs.join(", ")}\n` : ""}`);
    }),
  );
};
