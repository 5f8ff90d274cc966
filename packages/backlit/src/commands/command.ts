import type { Command } from "commander";
import type { Io } from "../io.ts";

/** Adds a command to the program; `exit` sets the exit code of work that was done and whose result is bad. */
export type Register = (program: Command, io: Io, exit: (code: number) => void) => void;

/** Notices and progress, on stderr. */
export interface Voice {
  /** Something the user should know, once. */
  note(text: string): void;
  /** What is going on, drawn over by the next; only on a terminal. */
  progress(text: string): void;
  /** Takes the progress away. */
  done(): void;
  /** All notices so far. */
  readonly notices: readonly string[];
}

export const voiceOf = (io: Io, quiet = false): Voice => {
  const notices: string[] = [];
  let drawn = false;
  const done = () => {
    if (drawn) io.err("\r\x1b[K");
    drawn = false;
  };
  return {
    notices,
    done,
    note: (text) => {
      if (notices.includes(text)) return;
      notices.push(text);
      done();
      if (!quiet) io.err(`note: ${text}\n`);
    },
    progress: (text) => {
      if (quiet || !io.live) return;
      io.err(`\r\x1b[K${text}`);
      drawn = true;
    },
  };
};
