import type { Surface } from "@backlit/workbench";
import pico from "picocolors";

export interface Io extends Surface {
  /** To stdout and stderr. */
  out(text: string): void;
  err(text: string): void;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** stderr is a terminal: progress may be drawn over. */
  readonly live: boolean;
  /** `stop` is called at the first Ctrl-C; the second ends the process as ever. Returns how to stop listening. */
  onInterrupt(stop: () => void): () => void;
}

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
