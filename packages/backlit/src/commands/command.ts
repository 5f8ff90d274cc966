import { printable } from "@backlit/core";
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
  /** The same for long work: without a terminal a line of its own, one every few seconds. */
  working(text: string): void;
  /** Takes the progress away. */
  done(): void;
  /** Prints the notices. */
  tell(): void;
  readonly notices: readonly string[];
}

/** Milliseconds between drawn lines, and between lines that stay. */
const [DRAWN, KEPT] = [100, 5000];

export const voiceOf = (io: Io, quiet = false): Voice => {
  let last = performance.now();
  const notices = new Set<string>();
  let drawn = false;
  const done = () => {
    if (drawn) io.err("\r\x1b[K");
    drawn = false;
  };
  const progress = (text: string) => {
    if (quiet || !io.live) return;
    io.err(`\r\x1b[K${printable(text)}`);
    drawn = true;
  };
  return {
    get notices() {
      return [...notices];
    },
    note: (text) => void notices.add(text),
    progress,
    working: (text) => {
      const now = performance.now();
      if (quiet || now - last < (io.live ? DRAWN : KEPT)) return;
      last = now;
      if (io.live) progress(text);
      else io.err(`${printable(text)}\n`);
    },
    done,
    tell: () => {
      done();
      if (!quiet) for (const text of notices) io.err(`note: ${printable(text)}\n`);
    },
  };
};
