/** backlit submit: work for a fleet of workers. */
import { basename } from "node:path";
import { fail } from "@backlit/core";
import type { JobContext, UnitJobName, UnitJobRequest } from "@backlit/workbench";
import type { Command } from "commander";
import { sayJson } from "../../door.ts";
import type { Io } from "../../io.ts";
import { addChoices, type ChoiceOptions, collect, requestOf } from "../../options/choices.ts";
import { addConcepts, type ConceptsOptions, conceptsRequest } from "../../options/concepts.ts";
import { addEvaluation, type EvaluationOptions, evaluationRequest } from "../../options/evaluation.ts";
import { type Register, working } from "../command.ts";
import { commandLine } from "../evaluate-files.ts";
import { addQueue, fleet, type QueueOptions, queueOf } from "./library.ts";

interface SubmitOptions extends QueueOptions {
  readonly store?: string;
  readonly mixed?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface Asked<N extends UnitJobName> {
  readonly kind: N;
  readonly request: UnitJobRequest<N>;
  /** Paths whose files units read. */
  readonly data: readonly string[];
  readonly title: string;
}

const titleOf = (kind: string, model: string, data: string): string =>
  ["backlit", kind, basename(model), basename(data)].join(" ");

export const submitCommand: Register = (program, io) => {
  const submit = program
    .command("submit")
    .description("give work to a fleet: backlit worker does it, backlit jobs says how far it is");
  const add = (name: string, what: string): Command =>
    addQueue(submit.command(name).description(what))
      .option(
        "--store <place>",
        "where all workers find inputs and results: a folder they share, or s3://BUCKET/PREFIX (default: BACKLIT_STORE)",
      )
      .option("--mixed", "workers of several kinds take part: results may differ in their last bits");

  addEvaluation(add("evaluate", "judge heatmaps, as backlit evaluate does")).action(
    (model: string, data: string, options: SubmitOptions & EvaluationOptions) =>
      sent(io, options, async () => ({
        ...{ kind: "evaluate", title: commandLine({ model, data, options }) },
        request: { ...evaluationRequest(model, data, options), examples: true },
        data: [data, ...(options.references === undefined ? [] : [options.references])],
      })),
  );
  addConcepts(add("concepts", "reference samples of channels, as backlit concepts does")).action(
    (model: string, data: string, options: SubmitOptions & ConceptsOptions) =>
      sent(io, options, async (context) => ({
        ...{ kind: "concepts", title: titleOf("concepts", model, data), data: [data] },
        request: await conceptsRequest(model, data, options, context),
      })),
  );
  addChoices(
    add("explain", "a map of every file of a folder, as backlit explain MODEL FOLDER does")
      .argument("<model>", "an .onnx file, a folder in Hugging Face style, or a bundled name (backlit models)")
      .argument("<folder>", "files, each an input")
      .option("--target <class>", "as for explain (repeatable)", collect)
      .option("--seed <seed>", "one, logit, log-odds, half-log-odds, contrastive, or contrastive:LABEL")
      .option("--recursive", "folders below too")
      .option("--json", "what was submitted as one JSON document on stdout")
      .option("--quiet", "no notices and progress"),
  ).action((model: string, folder: string, options: SubmitOptions & ChoiceOptions & { readonly recursive?: boolean }) =>
    sent(io, options, async (context) => ({
      ...{ kind: "explain", title: titleOf("explain", model, folder), data: [folder] },
      request: { ...(await requestOf(model, options, context)), folder, ...(options.recursive && { recursive: true }) },
    })),
  );
};

const sent = <N extends UnitJobName>(
  io: Io,
  options: SubmitOptions,
  read: (context: JobContext) => Promise<Asked<N>>,
): Promise<void> =>
  working(io, { quiet: options.quiet, here: true }, async (voice, context) => {
    const { store = process.env.BACKLIT_STORE, mixed = false, json } = options;
    const queue = queueOf(options);
    if (store === undefined)
      throw fail("Usage", { what: "no --store", fix: "name a folder that all workers see, or s3://BUCKET/PREFIX" });
    const { submit } = await fleet();
    const asked = await read(context);
    const done = await submit({ queue, store, mixed, cwd: process.cwd(), ...asked }, context);
    voice.tell();
    const { run, units, known } = done;
    const short = run.slice(0, 12);
    if (json) sayJson(io, done);
    else if (known) io.out(`run ${short} is in the queue already: backlit jobs show ${short}\n`);
    else
      io.out(
        `run ${short}: ${units} ${units === 1 ? "unit" : "units"}. backlit jobs watch ${short}; then backlit jobs collect ${short}\n`,
      );
  });
