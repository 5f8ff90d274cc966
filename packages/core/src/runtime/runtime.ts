import type { Tensor } from "../tensor/tensor.ts";

export interface SessionOptions {
  /** Runtime graph optimisation; tracing wants little, running wants all. Default "all". */
  readonly optimization?: "disabled" | "basic" | "extended" | "all";
  readonly threads?: number;
  /** An execution provider by the engine's own name; nodes it has not got run on the processor. Default: the engine's choice. */
  readonly device?: string;
  /** Files of external data by the location written in the model, for runtimes that cannot open paths. */
  readonly externalData?: ReadonlyMap<string, Uint8Array>;
  /** The folder those locations lie in, for runtimes that can: files are then mapped into memory, not read. */
  readonly folder?: string;
}

export interface Session {
  readonly inputNames: readonly string[];
  /** Of the outputs that are tensors. */
  readonly outputNames: readonly string[];
  /** Runs the graph; fetches all outputs that are tensors unless named. Errors are tagged "Runtime". */
  run(feeds: Readonly<Record<string, Tensor>>, fetches?: readonly string[]): Promise<Record<string, Tensor>>;
  /** Frees the engine's memory; the session runs no more. */
  release(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Runtime {
  readonly name: string;
  /** The engine's release, and the kind of processor it runs on: the last bits of its numbers hang on both. */
  readonly version?: string;
  readonly cpu?: string;
  /** It takes paths and folders. */
  readonly opensFiles?: boolean;
  /** Model bytes, or a path where the runtime can open files. */
  createSession(model: Uint8Array | { readonly path: string }, options?: SessionOptions): Promise<Session>;
}
