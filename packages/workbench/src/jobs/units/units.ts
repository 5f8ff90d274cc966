/** A job over much data as units of work, which other threads, processes or machines may do in any order, each once. */
import type { OutputFile } from "../output.ts";

export interface Units extends AsyncDisposable {
  readonly count: number;
  /** Does one, 0 ≤ index < count; what it comes to lies in the request's store then. What lies there already is not done again. */
  run(index: number): Promise<void>;
}

/** What a job came to, when its units are in the store. */
export interface Collected {
  /** Plain JSON. */
  readonly result: unknown;
  /** Files that belong to it, by names within a folder. */
  readonly files: AsyncIterable<OutputFile>;
}

export async function* noFiles(): AsyncGenerator<OutputFile> {}
