/** backlit worker: does units of work from a queue, until it is told to end. */
import { homedir } from "node:os";
import { join } from "node:path";
import { builtThread } from "../../host/thread.ts";
import type { Io } from "../../io.ts";
import { wholeNumber } from "../../options/whole-number.ts";
import type { Register } from "../command.ts";
import { addDebug, addQueue, fleet, type QueueOptions, queueOf } from "./library.ts";

interface WorkerOptions extends QueueOptions {
  readonly threads?: number;
  readonly store?: string;
  readonly cache?: string;
  readonly lock?: number;
  readonly quiet?: boolean;
}

export const workerCommand: Register = (program, io) => {
  addDebug(
    addQueue(
      program
        .command("worker")
        .description("do units of work from a queue, until SIGTERM or Ctrl-C: what runs is finished first")
        .option("--threads <n>", "units at a time, each with the engine's own threads (default: 1)", wholeNumber("threads"))
        .option("--store <place>", "the store, where this machine has another name for it")
        .option("--cache <folder>", "inputs are kept there (default: backlit/ in XDG_CACHE_HOME or ~/.cache)")
        .option(
          "--lock <seconds>",
          "a worker that is silent for so long has lost its unit to another (default: 30)",
          wholeNumber("lock"),
        )
        .option("--quiet", "only notices and errors"),
    ),
  ).action((options: WorkerOptions) => worked(options, io));
};

const worked = async (options: WorkerOptions, io: Io): Promise<void> => {
  const { threads, store, cache = cacheFolder(), lock, quiet } = options;
  const queue = queueOf(options);
  const { startFleetWorker, kindText } = await fleet();
  const worker = await startFleetWorker({
    queue,
    start: () => builtThread("fleet-thread.js", { cache }),
    note: (text) => io.err(`note: ${text}\n`),
    ...(threads !== undefined && { threads }),
    ...(store !== undefined && { store }),
    ...(lock !== undefined && { lock }),
    ...(!quiet && { done: (what: string) => io.out(`${what}\n`) }),
  });
  await new Promise<void>((resolve, reject) => {
    const end = () => {
      for (const signal of ENDS) process.off(signal, end); // the second one ends the process as ever
      if (!quiet) io.out("finishing what runs\n");
      worker.close().then(resolve, reject);
    };
    for (const signal of ENDS) process.on(signal, end);
    // Whoever reads it may end the worker at once.
    if (!quiet) io.out(`working: ${kindText(worker.kind)}\n`);
  });
};
const ENDS = ["SIGTERM", "SIGINT"] as const;

const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "backlit");
