/** Several explainers of one model, each with a thread of its own for the runtime; the cores are shared out among them. */
import { availableParallelism } from "node:os";
import type { Explainer, LoadOptions, Runtime } from "@backlit/core";
import { load } from "backlit";
import type { Bundle } from "../../models/open.ts";
import { workerRuntime } from "backlit";

export interface Workers extends AsyncDisposable {
  readonly lits: readonly Explainer[];
}

/** As many as there are cores, at most 8: sessions take memory. */
export const defaultWorkers = (): number => Math.min(8, availableParallelism());

export const startWorkers = async (
  bundle: Bundle,
  count: number,
  options: Omit<LoadOptions, "runtime">,
  notice: (text: string) => void,
): Promise<Workers> => {
  const threads = Math.max(1, Math.floor(availableParallelism() / count));
  const lits = await Promise.all(
    Array.from({ length: count }, async () =>
      load(bundle, { ...options, runtime: withThreads(await workerRuntime(notice), count === 1 ? undefined : threads) }),
    ),
  );
  return {
    lits,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(lits.map((lit) => lit[Symbol.asyncDispose]()));
    },
  };
};

/** Alone, a runtime takes all cores by itself. */
const withThreads = (runtime: Runtime, threads: number | undefined): Runtime =>
  threads === undefined
    ? runtime
    : { ...runtime, createSession: (model, options) => runtime.createSession(model, { threads, ...options }) };
