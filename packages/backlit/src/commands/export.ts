/** backlit export: an artefact with the configuration that a model server expects. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { engines, exportJob } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { checkWritten } from "../host/check-written.ts";
import { openFolder, writeFiles } from "../host/write-files.ts";
import { addChoices, type ChoiceOptions, checkOnePass, collect, requestOf } from "../options/choices.ts";
import { type Register, working } from "./command.ts";

interface ExportOptions extends ChoiceOptions {
  readonly name?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const exportCommand: Register = (program, io) => {
  const command = program
    .command("export")
    .description("write a model that also says why, as a model server expects it")
    .argument("<engine>", engines.map(({ name, summary }) => `${name}: ${summary}`).join("; "))
    .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name")
    .argument("<folder>", "where the files go; made where it is not there")
    .option("--name <name>", "the model's name there (default: that of its file)")
    .option("--target <class>", "as for compile: argmax, input, an index, top:K, a label (default: argmax)", collect)
    .option("--seed <seed>", "one, logit, log-odds, contrastive, contrastive:LABEL, input or direction");
  addChoices(command)
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report and notices")
    .action((engine: string, model: string, folder: string, options: ExportOptions) =>
      working(io, { quiet: options.quiet, here: true }, async (voice, context) => {
        const { name, json, quiet } = options;
        await openFolder(folder);
        const chosen = await requestOf(model, options, context);
        checkOnePass(chosen.recipe);
        const result = await exportJob(
          { ...chosen, engine, folder, ...(name !== undefined && { name }) },
          context,
          async (files, checks) => {
            for (const { path } of files) await mkdir(dirname(path), { recursive: true });
            const checking = checks && (async () => (await checkWritten(checks, files.at(-1)!.path)).forEach(voice.note));
            await writeFiles(files, checking);
          },
        );
        voice.tell();
        if (json) sayJson(io, result);
        else if (!quiet) say(io, result.files, (files) => `wrote ${files.join(", ")}\n`);
      }),
    );
};
