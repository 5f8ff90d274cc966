/** A store that is asked again until it answers: an hour without it is no fault of the unit at work. */
import { setTimeout as sleep } from "node:timers/promises";
import { isBacklitError } from "@backlit/core";
import type { Objects } from "./objects.ts";

export interface Patience {
  readonly signal?: AbortSignal | undefined;
  /** Told once a failure, with the milliseconds until the next try. */
  note(why: string, wait: number): void;
  /** Milliseconds between the first tries, and at most; default 100, 15 000. */
  readonly first?: number;
  readonly most?: number;
}

/** Errors: Aborted by the signal only. */
export const steadfast = (objects: Objects, { signal, note, first = 100, most = 15_000 }: Patience): Objects => {
  const again = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let wait = first; ; wait = Math.min(most, 2 * wait)) {
      try {
        return await ask();
      } catch (error) {
        if (!isBacklitError(error, "Store")) throw error;
        note(error.message, wait);
        await sleep(wait, undefined, signal && { signal });
      }
    }
  };
  return {
    place: objects.place,
    get: (name) => again(() => objects.get(name)),
    put: (name, bytes) => again(() => objects.put(name, bytes)),
    create: (name, bytes) => again(() => objects.create(name, bytes)),
    has: (name) => again(() => objects.has(name)),
  };
};
