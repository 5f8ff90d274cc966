/** What the command sees of its surroundings; tests give their own. */
import type { TerminalOptions } from "@backlit/core";
import pico from "picocolors";

export interface Io {
  /** To stdout and stderr. */
  out(text: string): void;
  err(text: string): void;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Width of the terminal on stdout; undefined when it is none. */
  readonly columns: number | undefined;
  /** The terminal shows 24-bit colours. */
  readonly truecolour: boolean;
  /** stderr is a terminal: progress may be drawn over. */
  readonly live: boolean;
  readonly colours: Colours;
  /** `stop` is called at the first Ctrl-C; the second ends the process as ever. Returns how to stop listening. */
  onInterrupt(stop: () => void): () => void;
}

export type Colours = ReturnType<typeof pico.createColors>;

export const processIo = ({ stdout, stderr, stdin, env } = process): Io => ({
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  stdin,
  columns: stdout.isTTY ? stdout.columns : undefined,
  truecolour: stdout.isTTY && !env.NO_COLOR && /^(truecolor|24bit)$/.test(env.COLORTERM ?? ""),
  live: stderr.isTTY,
  colours: pico.createColors(stdout.isTTY && pico.isColorSupported),
  onInterrupt: (stop) => {
    process.once("SIGINT", stop);
    return () => void process.off("SIGINT", stop);
  },
});

const WIDEST = 100;

/** How charts are drawn there: in all of its width up to a hundred columns, two of them indented. */
export const terminalOptions = (io: Io): TerminalOptions => ({
  width: Math.min(WIDEST, (io.columns ?? WIDEST) - 2),
  colors: terminalColours(io),
});

/** The colours of a terminal. Asked for without a terminal, 24 bits are the safest guess at where it will be shown. */
export const terminalColours = ({ columns, truecolour, colours }: Io, asked = false): TerminalOptions["colors"] =>
  truecolour || (asked && columns === undefined) ? "truecolor" : colours.isColorSupported ? "256" : "none";
