/** What a job tells on its way, on stderr. */
import { printable } from "@backlit/core";
import type { Listener } from "@backlit/workbench";
import type { Io } from "./io.ts";

/** Notices and progress, on stderr: notices are kept, and told once by `tell`, so that an error stands alone. */
export interface Voice extends Listener {
  /** Takes the progress away. */
  done(): void;
  /** Prints the notices. */
  tell(): void;
  readonly notices: readonly string[];
}

/** Milliseconds between drawn lines, and between lines that stay. */
const [DRAWN, KEPT] = [100, 5000];

export interface VoiceOptions {
  readonly quiet?: boolean | undefined;
  /** A line a notice on a terminal. */
  readonly brief?: boolean | undefined;
}

export const voiceOf = (io: Io, { quiet = false, brief = false }: VoiceOptions = {}): Voice => {
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
      if (quiet) return;
      const lines = [...notices].map((text) => `note: ${printable(text)}`);
      const most = brief && io.live ? io.columns : undefined;
      const cut = most === undefined ? lines : lines.map((line) => inLine(line, most));
      for (const line of cut) io.err(`${line}\n`);
      if (cut.some((line, i) => line !== lines[i])) io.err("note: --why says them whole\n");
    },
  };
};

const inLine = (line: string, most: number): string => {
  const letters = [...line];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : line;
};
