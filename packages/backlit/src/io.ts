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
