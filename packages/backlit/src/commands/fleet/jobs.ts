/** backlit jobs: how far the fleet's work is, and what to do with it. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@backlit/core";
import type { Jobs, RunState } from "@backlit/fleet";
import type { Command } from "commander";
import { say, sayJson } from "../../door.ts";
import type { Io } from "../../io.ts";
import { wholeNumber } from "../../options/whole-number.ts";
import { type Register, working } from "../command.ts";
import { writeCollected } from "./collected-files.ts";
import { addDebug, addQueue, fleet, type QueueOptions, queueOf } from "./library.ts";
import { runLines, runText } from "./words.ts";

interface JobsOptions extends QueueOptions {
  readonly json?: boolean;
  readonly port?: number;
}

interface CollectOptions extends JobsOptions {
  readonly out?: string;
  readonly store?: string;
}

export const jobsCommand: Register = (program, io, exit) => {
  const jobs = program.command("jobs").description("work in the queue: how far it is, cancel, collect");
  const queued = (command: Command) => addDebug(addQueue(command));
  const with_ = async <T>(options: QueueOptions, work: (jobs: Jobs) => Promise<T>): Promise<T> => {
    const { jobsAt } = await fleet();
    await using open = await jobsAt(queueOf(options));
    return await work(open);
  };
  const show = (states: readonly RunState[], { json }: JobsOptions) => (json ? sayJson(io, states) : say(io, states, runLines));

  queued(jobs.command("list", { isDefault: true }).description("all runs, the latest first"))
    .option("--json", "one JSON document on stdout")
    .option("--port <n>", "show them as a page, at 127.0.0.1", wholeNumber("port", 0))
    .action(async (options: JobsOptions) => {
      if (options.port === undefined) return with_(options, async (open) => show(await open.list(), options));
      return with_(options, (open) => shown(open, options.port!, io));
    });
  queued(jobs.command("show").description("one run").argument("<run>", "its name, or how that begins"))
    .option("--json", "one JSON document on stdout")
    .action((run: string, options: JobsOptions) =>
      with_(options, async (open) => {
        const state = await open.find(run);
        return options.json ? sayJson(io, state) : say(io, state, runText);
      }),
    );
  queued(
    jobs.command("watch").description("until a run, or all, have ended").argument("[run]", "its name, or how that begins"),
  ).action((run: string | undefined, options: JobsOptions) =>
    working(io, { here: true }, (voice, { signal }) =>
      with_(options, async (open) => {
        for (;;) {
          const states = run === undefined ? await open.list() : [await open.find(run)];
          const going = states.filter(isGoing);
          if (going.length === 0) {
            voice.done();
            show(states, options);
            if (states.some(({ state }) => state === "failed")) exit(1);
            return;
          }
          voice.working(going.map(shortText).join("; "));
          await sleep(1000, undefined, signal && { signal });
        }
      }),
    ),
  );
  queued(
    jobs
      .command("cancel")
      .description("stop a run; what is done stays in the store")
      .argument("<run>", "its name, or how that begins"),
  ).action((run: string, options: JobsOptions) =>
    with_(options, async (open) => {
      const found = await open.find(run);
      if (!isGoing(found)) throw fail("Usage", { what: `run ${run}`, why: `it is ${found.state}` });
      await open.cancel(found.run);
      io.out(`run ${found.run.slice(0, 12)} is cancelled\n`);
    }),
  );
  queued(jobs.command("collect").description("write what a run came to").argument("<run>", "its name, or how that begins"))
    .option("--out <folder>", "the files of evaluate --out, concepts --out, or explain FOLDER --out")
    .option("--store <place>", "the store, where this machine has another name for it")
    .option("--json", "the result as one JSON document on stdout")
    .action((run: string, options: CollectOptions) =>
      with_(options, async (open) => {
        const { collected } = await fleet();
        const state = await open.find(run);
        const found = await collected(state, options.store);
        if (options.out === undefined) return sayJson(io, found.result, 0);
        const paths = await writeCollected(found, state, options.out);
        if (options.json) sayJson(io, found.result, 0);
        else
          io.out(
            `wrote ${paths.length > 4 ? `${paths.length} files to ${options.out}` : paths.map((path) => join(path)).join(", ")}\n`,
          );
      }),
    );
};

const isGoing = ({ state }: RunState): boolean => !["done", "failed", "cancelled"].includes(state);

const shortText = ({ run, state, done, units }: RunState): string =>
  `${run.slice(0, 12)} ${state}${units === undefined ? "" : ` ${done} of ${units}`}`;

/** A page that looks again by itself, until Ctrl-C. */
const shown = async (jobs: Jobs, port: number, io: Io): Promise<void> => {
  const { jobsPage } = await fleet();
  const page = await jobsPage(jobs, port);
  io.out(`${page.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => resolve());
  });
  await page.close();
};
