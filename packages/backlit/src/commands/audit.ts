/** backlit audit: one page for a reviewer, and whether such a page can be believed. */
import { composites, fail, METHODS } from "@backlit/core";
import type { Voice } from "@backlit/workbench";
import { Option } from "commander";
import type { Audit } from "../audit/document.ts";
import { auditPage } from "../audit/page.ts";
import { type Asked, audited, nameOf, referencesIdentity } from "../audit/run.ts";
import { askedAgain, readAudit, reproduced, sameFiles, sameReferences, sealed, type Verified } from "../audit/verify.ts";
import { say, sayJson } from "../door.ts";
import { addReferences, judgedTarget } from "../evaluate/options.ts";
import { referencesFor } from "@backlit/workbench";
import { type JudgingSession, openSession } from "@backlit/workbench";
import type { Bundle } from "@backlit/workbench";
import { checkOutputs, writeFiles } from "../write-files.ts";
import { auditReport } from "./audit-report.ts";
import { allowHelp, type ChoiceOptions, collect, readChoices, readDims } from "./choices.ts";
import { type Register, voiceOf } from "./command.ts";
import { orAborted, wholeNumber } from "./explain.ts";
import { choice } from "@backlit/workbench";

export interface AuditOptions extends Omit<ChoiceOptions, "target"> {
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
    .option("--workers <n>", "threads that run the model (default: one a core)", wholeNumber("workers"))
    .option("--seed-rng <n>", "seed of all random numbers (default: 0)", wholeNumber("seed-rng", 0))
    .option("--json", "the audit as one JSON document on stdout")
    .option("--quiet", "no report, notices and progress: only files, --json and errors")
    .option("--debug", "show where an error was thrown")
    .action(async (model: string | undefined, data: string | undefined, options: AuditOptions) => {
      checkUsage(model, data, options);
      const voice = voiceOf(io, options.quiet);
      const interrupt = new AbortController();
      const ignore = io.onInterrupt(() => interrupt.abort());
      try {
        if (options.verify !== undefined) {
          const verified = await orAborted(
            verify(options.verify, model, data, options, voice, interrupt.signal),
            interrupt.signal,
          );
          voice.tell();
          if (options.json) sayJson(io, verified);
          else say(io, verified, ({ lines }) => `${lines.join("\n")}\n`);
          if (!verified.matches) exit(1);
          return;
        }
        if (options.out !== undefined) await checkOutputs([options.out], [model!, data!]);
        const audit = await orAborted(run(model!, data!, options, voice, interrupt.signal), interrupt.signal);
        if (options.out !== undefined) await writeFiles([{ path: options.out, chunks: [fileOf(audit, options.out)] }]);
        voice.tell();
        if (options.json) sayJson(io, audit);
        else if (!options.quiet) say(io, { audit, out: options.out }, (shown) => auditReport(shown.audit, io, shown.out));
      } finally {
        ignore();
        voice.done();
      }
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

const run = async (model: string, data: string, options: AuditOptions, voice: Voice, signal: AbortSignal): Promise<Audit> => {
  await using session = await openSession(model, data, options, voice);
  const asked = await askedFor(options, session.bundle);
  const references = await referencesFor(options, session, [asked.choices]);
  return audited(session, { ...asked, ...(references && { references }) }, voice, signal);
};

const askedFor = async (options: AuditOptions, bundle: Bundle): Promise<Asked> => {
  const { target, limit, seedRng, imputer, mean: _mean, references: _references, ...rest } = options;
  const { choices, random } = await readChoices(rest, bundle);
  const { target: _target, ...own } = choices;
  return {
    choices: { ...own, ...(random !== undefined && { random }) },
    name: nameOf(options),
    target: target ?? "top",
    ...(limit !== undefined && { limit }),
    seed: seedRng ?? 0,
    dims: readDims(options.dim),
    ...(imputer !== undefined && { imputers: imputer.split(",").map((one) => one.trim()) }),
  };
};

const verify = async (
  file: string,
  model: string | undefined,
  data: string | undefined,
  options: AuditOptions,
  voice: Voice,
  signal: AbortSignal,
): Promise<Verified> => {
  const read = await readAudit(file);
  const whole = await sealed(read);
  if (!whole.matches || model === undefined || data === undefined) return whole;
  const { audit } = read;
  const asked = askedAgain(audit);
  const dim = Object.entries(asked.dims ?? {}).map(([name, size]) => `${name}=${size}`);
  const { workers, allow, labels } = options;
  await using session: JudgingSession = await openSession(
    model,
    data,
    {
      target: asked.target,
      ...(asked.limit !== undefined && { limit: asked.limit }),
      dim,
      ...(allow && { allow }),
      ...(labels !== undefined && { labels }),
      ...(workers !== undefined && { workers }),
    },
    voice,
  );
  const others = await sameFiles(audit, await session.lits[0]!.identity, session.data.sha256);
  if (others.length > 0) return { matches: false, lines: [...whole.lines, ...others] };
  const { references: path } = options;
  const references = path === undefined ? undefined : await referencesFor({ references: path }, session, [asked.choices]);
  const strangers = sameReferences(audit, references && (await referencesIdentity(references)));
  if (strangers.length > 0) return { matches: false, lines: [...whole.lines, ...strangers] };
  const again = { ...asked, ...(references && { references }) };
  const { matches, lines } = reproduced(audit, await audited(session, again, voice, signal));
  return { matches, lines: [...whole.lines, ...lines] };
};
