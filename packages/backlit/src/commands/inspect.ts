/** backlit inspect: what each node is, which rule it gets and why, and what would be lost there. */
import { inspectJob, inspectReport, questionReport } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { addChoices, type ChoiceOptions, checkOnePass, requestOf } from "../options/choices.ts";
import { type Register, working } from "./command.ts";

interface InspectOptions extends ChoiceOptions {
  readonly why?: boolean;
  readonly json?: boolean;
}

export const inspectCommand: Register = (program, io) => {
  const command = program
    .command("inspect")
    .description("show which rule each node gets and why, and what would be lost there")
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name")
    .option("--seed <seed>", "as in explain");
  addChoices(command)
    .option("--why", "notices whole, and every rewrite of the graph: made, or why not")
    .option("--json", "one JSON document on stdout")
    .action((model: string, options: InspectOptions) =>
      working(io, { why: options.why ?? false }, async (voice, context) => {
        const request = await requestOf(model, options, context);
        checkOnePass(request.recipe);
        const { about, document, line } = await inspectJob({ ...request, ...(options.why && { rewrites: true }) }, context);
        voice.tell();
        if (document === undefined) {
          if (options.json) sayJson(io, { ...about, explained: [], nodes: [], notices: voice.notices });
          else say(io, about, questionReport);
        } else if (options.json) sayJson(io, { ...document, notices: voice.notices });
        else say(io, { ...document, line: line! }, inspectReport);
      }),
    );
};
