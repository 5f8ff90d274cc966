/** Runs the command in this process, its streams captured. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pico from "picocolors";
import { afterAll } from "vitest";
import type { Io } from "../src/io.ts";
import { main } from "../src/main.ts";

export const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const scratch = mkdtempSync(join(tmpdir(), "backlit-cli-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
export const at = (name: string): string => join(scratch, name);

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const ioOf = (out: string[], err: string[]): Io => ({
  out: (text) => void out.push(text),
  err: (text) => void err.push(text),
  stdin: (async function* () {})(),
  columns: undefined,
  truecolour: false,
  live: false,
  colours: pico.createColors(false),
  onInterrupt: () => () => {},
});

export const backlit = async (...argv: string[]): Promise<Ran> => {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(argv, ioOf(out, err));
  return { code, out: out.join(""), err: err.join("") };
};
