/** backlit compile: the model that also says why, as an .onnx file. */
import { artefactPaths, choice, compileJob, compileReport } from "@backlit/workbench";
import { Option } from "commander";
import { say, sayJson } from "../door.ts";
import { checkBeside } from "../host/beside.ts";
import { checkWritten } from "../host/check-written.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import { addChoices, type ChoiceOptions, checkOnePass, collect, requestOf } from "../options/choices.ts";
import { addMasks } from "../options/conditions.ts";
import { type Register, working } from "./command.ts";

interface CompileOptions extends ChoiceOptions {
  readonly out: string;
  readonly ledger?: boolean;
  readonly mask?: readonly string[];
  readonly only?: boolean;
  readonly sidecar?: boolean;
  readonly preprocess?: true | "resize";
  readonly references?: string;
  readonly ordinary?: string;
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
  addMasks(addChoices(command).optionsGroup("What the new model holds:"))
    .option("--layer <value>", "relevance of a value inside the graph as an output too (repeatable)", collect)
    .option("--ledger", "the ledger as an output")
    .option("--references <file>", "rows of the data that tree-shap compares with: an .npy or a table")
    .option("--ordinary <file>", "prototypes that concepts --prototypes wrote: how ordinary each decision is, as outputs")
    .option("--sidecar", "leave the weights in the original's file, in whose folder the output must lie")
    .addOption(
      new Option(
        "--preprocess [resize]",
        "put scaling, normalising and layout of pictures into the graph, which then takes their bytes (uint8 N×H×W×C); with resize, resizing and cropping too",
      ).argParser(choice("preprocess", ["resize"] as const)),
    )
    .option("--no-check", "do not open what was written and compare its outputs with the model's")
    .option("--json", "one JSON document on stdout")
    .option("--quiet", "no report and notices")
    .action((model: string, options: CompileOptions) =>
      working(io, { quiet: options.quiet, here: true }, async (voice, context) => {
        const { out, ledger = false, mask, only, sidecar = false, check, references, preprocess, ordinary } = options;
        await checkOutputs([out]);
        if (sidecar) await checkBeside(context.host, model, out);
        const chosen = await requestOf(model, options, context);
        const pixels = preprocess && { resize: preprocess === "resize" };
        const beside = {
          ...(pixels && { pixels }),
          ...(mask && { masks: mask }),
          ...(only && { only }),
          ...(references !== undefined && { references }),
          ...(ordinary !== undefined && { ordinary }),
        };
        const request = { ...chosen, out, ledger, sidecar, ...beside };
        checkOnePass(request.recipe);
        const { document } = await compileJob(request, context, async (files, checks) => {
          await checkOutputs(artefactPaths(out, checks.bundle, sidecar), checks.bundle.files);
          const checking = async () => {
            voice.progress("checking");
            (await checkWritten(checks, out)).forEach(voice.note);
          };
          await writeFiles(files, check ? checking : undefined);
        });
        voice.tell();
        const told = { ...document, notices: voice.notices };
        if (options.json) sayJson(io, told);
        else if (!options.quiet) say(io, told, compileReport);
      }),
    );
};
