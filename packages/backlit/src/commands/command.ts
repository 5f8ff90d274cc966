import type { Command } from "commander";
import type { Io } from "../io.ts";

/** Adds a command to the program; `exit` sets the exit code of work that was done and whose result is bad. */
export type Register = (program: Command, io: Io, exit: (code: number) => void) => void;

/** Notices and progress, on stderr. */
export interface Voice {
  /** Something the user should know: kept, and told once by `tell`, so that an error stands alone. */
  note(text: string): void;
  /** What is going on, drawn over by the next; only on a terminal. */
  progress(text: string): void;
  /** Takes the progress away. */
  done(): void;
  /** Prints the notices. */
  tell(): void;
  readonly notices: readonly string[];
}

export const voiceOf = (io: Io, quiet = false): Voice => {
  const notices = new Set<string>();
  let drawn = false;
  const done = () => {
    if (drawn) io.err("\r\x1b[K");
    drawn = false;
  };
  return {
    get notices() {
      return [...notices];
    },
    note: (text) => void notices.add(text),
    progress: (text) => {
      if (quiet || !io.live) return;
      io.err(`\r\x1b[K${text}`);
      drawn = true;
    },
    done,
    tell: () => {
      done();
      if (!quiet) for (const text of notices) io.err(`note: ${text}\n`);
    },
  };
};
