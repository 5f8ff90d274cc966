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

/** Columns as COLUMNS says, also for what is piped on. */
const columnsOf = ({ COLUMNS }: NodeJS.ProcessEnv): number | undefined =>
  /^[1-9]\d{0,4}$/.test(COLUMNS ?? "") ? Number(COLUMNS) : undefined;

/** TERM=dumb is a terminal that can neither colour nor draw over a line; NO_COLOR asks for no colours. */
export const processIo = ({ stdout, stderr, stdin, env } = process): Io => ({
  out: (text) => void stdout.write(text),
  err: (text) => void stderr.write(text),
  stdin,
  columns: columnsOf(env) ?? (stdout.isTTY ? stdout.columns : undefined),
  truecolour: stdout.isTTY && !env.NO_COLOR && env.TERM !== "dumb" && /^(truecolor|24bit)$/.test(env.COLORTERM ?? ""),
  live: stderr.isTTY && env.TERM !== "dumb",
  colours: pico.createColors(stdout.isTTY && !env.NO_COLOR && env.TERM !== "dumb" && pico.isColorSupported),
  onInterrupt: (stop) => {
    process.once("SIGINT", stop);
    return () => void process.off("SIGINT", stop);
  },
});
