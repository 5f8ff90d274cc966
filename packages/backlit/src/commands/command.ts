import { fail } from "@backlit/core";
import type { JobContext } from "@backlit/workbench";
import type { Command } from "commander";
import { nodeHost } from "../host/index.ts";
import type { Io } from "../io.ts";
import { type Voice, voiceOf } from "../voice.ts";

/** Adds a command to the program; `exit` sets the exit code of work that was done and whose result is bad. */
export type Register = (program: Command, io: Io, exit: (code: number) => void) => void;

export interface WorkOptions {
  readonly quiet?: boolean | undefined;
  /** Whether notices are said whole; of commands that have the option. */
  readonly why?: boolean | undefined;
  /** Needs no thread of its own. */
  readonly here?: boolean;
  /** Of the engine; default: one a core. */
  readonly threads?: number | undefined;
  /** Where the model runs; default: the processor. */
  readonly device?: string | undefined;
}

/** Of `--why`. */
export const WHY = "all notices, whole; on a terminal the five that matter most have a line each else";

/** The last line of a command that wrote files. */
export const wrote = (files: readonly { readonly path: string }[]): string =>
  files.length > 0 ? `wrote ${files.map(({ path }) => path).join(", ")}\n` : "";

/** Runs a job, stopped at the first Ctrl-C: a pass may be long, and whoever pressed it does not wait for its end. */
export const working = async (
  io: Io,
  { quiet, why, here = false, threads, device }: WorkOptions,
  work: (voice: Voice, context: JobContext) => Promise<void>,
): Promise<void> => {
  const voice = voiceOf(io, { quiet, brief: why === false });
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const ignore = io.onInterrupt(() => interrupt.abort());
  const host = nodeHost({ stdin: io.stdin, here, threads, device });
  try {
    await Promise.race([
      work(voice, { host, listener: voice, signal }),
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(fail("Aborted", { what: "stopped" })));
      }),
    ]);
  } finally {
    ignore();
    voice.done();
  }
};
