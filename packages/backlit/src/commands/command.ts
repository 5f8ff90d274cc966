import { printable } from "@backlit/core";
import type { Voice } from "@backlit/workbench";
import type { Command } from "commander";
import type { Io } from "../io.ts";

/** Adds a command to the program; `exit` sets the exit code of work that was done and whose result is bad. */
export type Register = (program: Command, io: Io, exit: (code: number) => void) => void;

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
