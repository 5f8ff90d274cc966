/** backlit init: the files that say of a model what its export lacks. */
import { initJob } from "@backlit/workbench";
import { say, sayJson } from "../door.ts";
import { openFolder, writeFiles } from "../host/write-files.ts";
import { addModelChoices, type ModelOptions, modelRequest } from "../options/choices.ts";
import { type Register, working } from "./command.ts";

interface InitOptions extends ModelOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const initCommand: Register = (program, io) => {
  const command = program
    .command("init")
    .description("write what an export lacks beside the model: preprocessor_config.json, labels.json, config.json")
    .argument("<model>", "an .onnx file, or a folder");
  addModelChoices(command)
    .option("--out <folder>", "a folder for them and a copy of the model")
    .option("--force", "replace files that are there already")
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report and notices")
    .action((model: string, options: InitOptions) =>
      working(io, { quiet: options.quiet, here: true }, async (voice, context) => {
        const { out, force, json, quiet } = options;
        if (out !== undefined) await openFolder(out);
        const { files, folder, written } = await initJob(
          { ...modelRequest(model, options), ...(out !== undefined && { out }), ...(force && { force }) },
          context,
        );
        await writeFiles(files);
        voice.tell();
        const told = { folder, written, files: files.map(({ path }) => path), notices: voice.notices };
        if (json) sayJson(io, told);
        else if (!quiet) say(io, told, ({ written: names }) => report(folder, names));
      }),
    );
};

const report = (folder: string, written: Readonly<Record<string, string>>): string =>
  `${Object.entries(written)
    .map(([name, words]) => `${name}: ${words}`)
    .join("\n")}\nwrote to ${folder === "" ? "." : folder}\n`;
