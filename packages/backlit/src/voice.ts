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
      const most = brief && io.live ? io.columns : undefined;
      const told = most === undefined ? [...notices] : byWeight([...notices]);
      const lines = told.map((text) => `note: ${printable(text)}`);
      const shown = most === undefined ? lines : lines.slice(0, LINES).map((line) => inLine(line, most));
      for (const line of shown) io.err(`${line}\n`);
      const more = lines.length - shown.length;
      if (more > 0) io.err(`note: --why says ${more} more, and all of them whole\n`);
      else if (shown.some((line, i) => line !== lines[i])) io.err("note: --why says them whole\n");
    },
  };
};

/** Notices on a terminal at most. */
const LINES = 5;

/** What was guessed or lost of the input, what the output's numbers are, what an option says otherwise, all else. */
const KINDS = [/\bguessed\b|\bnothing says\b|\bis taken for\b|\bis given\b|\b(is|are) cut\b/, /^output '/, /--[a-z]/, /^/];

/** What the answer stands on and the user may know better comes first, what is told for the record last; each in the order it arose. */
const byWeight = (notices: readonly string[]): readonly string[] => {
  const kindOf = (text: string) => KINDS.findIndex((kind) => kind.test(text));
  return notices.toSorted((a, b) => kindOf(a) - kindOf(b));
};

/** What to do about it stays, where a line is cut: its last words with an option. */
const inLine = (line: string, most: number): string => {
  const letters = [...line];
  if (letters.length <= most) return line;
  const end = [...(/[^\s(]*\(?--[a-z][^()]*\)?$/.exec(line)?.[0] ?? "")];
  const kept = end.length > 0 && end.length <= most / 2 ? end : [];
  return `${letters.slice(0, most - 1 - kept.length).join("")}…${kept.join("")}`;
};
