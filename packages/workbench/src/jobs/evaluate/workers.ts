/** Several explainers of one model, each with a thread of its own for the runtime; the cores are shared out among them. */
import type { Explainer, LoadOptions } from "@backlit/core";
import type { Runtimes } from "../../host/host.ts";
import { loadBundle } from "../../models/load.ts";
import type { Bundle } from "../../models/open.ts";

export interface Workers extends AsyncDisposable {
  readonly lits: readonly Explainer[];
}

export interface Staffing {
  readonly runtimes: Runtimes;
  /** How many; default: as many as there are cores, at most 8, as sessions take memory. */
  readonly count?: number | undefined;
  note(text: string): void;
}

export const startWorkers = async (
  bundle: Bundle,
  { runtimes, count: asked, note }: Staffing,
  options: Omit<LoadOptions, "runtime">,
): Promise<Workers> => {
  const count = asked ?? Math.min(8, runtimes.cores);
  // Alone, a runtime takes all cores by itself.
  const threads = count === 1 ? undefined : Math.max(1, Math.floor(runtimes.cores / count));
  const own = await runtimes.several(count, threads, note);
  const lits = await Promise.all(own.map((runtime) => loadBundle(bundle, { ...options, runtime })));
  return {
    lits,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(lits.map((lit) => lit[Symbol.asyncDispose]()));
    },
  };
};
