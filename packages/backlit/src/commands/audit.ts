/** backlit audit: one page for a reviewer, and whether such a page can be believed. */

import { composites, fail, METHODS } from "@backlit/core";
import { type Audit, auditJob, auditPage, auditReport, choice, nameOf, verifyJob } from "@backlit/workbench";
import { Option } from "commander";
import { say, sayJson } from "../door.ts";
import { checkOutputs, writeFiles } from "../host/write-files.ts";
import { readAllowed } from "../options/allowed.ts";
import { allowHelp, type ChoiceOptions, collect, requestOf } from "../options/choices.ts";
import { DEVICE, type EngineOptions, THREADS } from "../options/engine.ts";
import { addReferences, judgedTarget } from "../options/judging.ts";
import { wholeNumber, workerCount } from "../options/whole-number.ts";
import { type Register, working } from "./command.ts";

interface AuditOptions extends Omit<ChoiceOptions, "target">, EngineOptions {
  readonly out?: string;
  readonly verify?: string;
  readonly target?: string;
  readonly references?: string;
  readonly mean?: number | readonly number[];
  readonly limit?: number;
  readonly imputer?: string;
  readonly workers?: number;
  readonly seedRng?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const auditCommand: Register = (program, io, exit) => {
  const command = program
    .command("audit")
    .description("one page for a reviewer: what the model is, what its heatmaps are worth, and what is not known")
    .argument("[model]", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
    .argument("[data]", "as for evaluate: a folder of pictures, .npz, .npy");
  addReferences(command)
    .option("--out <file>", "write the page as .html, or the audit as .json")
    .option("--verify <file>", "is this audit (.html or .json) whole? With MODEL and DATA: does it come out again?")
    .option("--method <name>", `attribution method: ${METHODS.join(", ")}, and those of backlit methods`)
    .option("--composite <name>", `which layer gets which rule: auto, ${Object.keys(composites).join(", ")}`)
    .addOption(new Option("--recipe <file>", "the method from a JSON file").conflicts(["method", "composite"]))
    .option("--set <key=value>", "parameter of the composite or method (repeatable)", collect)
    .option("--seed <seed>", "one, logit, log-odds, contrastive")
    .option("--score <score>", "explain the logit or the probability (default: logit)", choice("score", ["logit", "probability"]))
    .option("--output <value>", "explain this output or value of the graph")
    .option("--explain <value>", "explain onto this input or value of the graph (repeatable)", collect)
    .option("--dim <name=n>", "size of a free dimension (repeatable)", collect)
    .option("--labels <file>", "names of the classes: a list as JSON, or one a line (default: beside the model, or in its file)")
    .option("--allow <name=n>", allowHelp, collect)
    .option("--target <class>", judgedTarget)
    .option("--limit <n>", "the first n samples only", wholeNumber("limit"))
    .option(
      "--imputer <imputers>",
      "what stands in for removed values; several with commas (default: zero,blur; zero for texts; a usual row for tables)",
    )
    .option("--workers <n>", "threads that run the model (default: auto, one a core)", workerCount)
    .option(...THREADS)
    .option(...DEVICE)
    .option("--seed-rng <n>", "seed of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the audit as one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown")
    .action((model: string | undefined, data: string | undefined, options: AuditOptions) => {
      checkUsage(model, data, options);
      const { verify: audit, out, references, workers } = options;
      return working(io, options, async (voice, context) => {
        const shared = { ...(references !== undefined && { references }), ...(workers !== undefined && { workers }) };
        if (audit !== undefined) {
          const { labels, allow } = options;
          const request = {
            ...{ v: 1 as const, audit, ...shared },
            ...(model !== undefined && data !== undefined && { model, data }),
            ...(labels !== undefined && { labels }),
            ...(allow && { allowed: readAllowed(allow) }),
          };
          const verified = await verifyJob(request, context);
          voice.tell();
          if (options.json) sayJson(io, verified);
          else say(io, verified, ({ lines }) => `${lines.join("\n")}\n`);
          if (!verified.matches) exit(1);
          return;
        }
        if (out !== undefined) await checkOutputs([out], [model!, data!]);
        const { target, limit, seedRng, imputer, ...chosen } = options;
        const { target: _, ...request } = await requestOf(model!, chosen, context);
        const made = await auditJob(
          {
            ...{ ...request, ...shared, data: data!, name: nameOf(options) },
            ...(target !== undefined && { target }),
            ...(limit !== undefined && { limit }),
            ...(seedRng !== undefined && { seedRng }),
            ...(imputer !== undefined && { imputers: imputer.split(",").map((one) => one.trim()) }),
          },
          context,
        );
        if (out !== undefined) await writeFiles([{ path: out, chunks: [fileOf(made, out)] }]);
        voice.tell();
        if (options.json) sayJson(io, made);
        else if (!options.quiet) say(io, { audit: made, out }, (shown) => auditReport(shown.audit, io, shown.out));
      });
    });
};

const checkUsage = (model: string | undefined, data: string | undefined, { out, verify }: AuditOptions): void => {
  if ((model === undefined) !== (data === undefined) || (verify === undefined && data === undefined))
    throw fail("Usage", {
      what: model === undefined ? "no MODEL and DATA" : "no DATA",
      fix: verify === undefined ? "backlit audit MODEL DATA" : "give both, or neither to check the file alone",
    });
  if (verify !== undefined && out !== undefined)
    throw fail("Usage", { what: "--out does not go with --verify", fix: "leave one out" });
  if (out !== undefined && !/\.(html?|json)$/i.test(out))
    throw fail("Usage", { what: `--out ${out}`, fix: "name a file that ends in .html or .json" });
};

const documentOf = (audit: Audit): string => `${JSON.stringify(audit, null, 2)}\n`;
const fileOf = (audit: Audit, path: string): Uint8Array =>
  new TextEncoder().encode(/\.json$/i.test(path) ? documentOf(audit) : auditPage(audit));
