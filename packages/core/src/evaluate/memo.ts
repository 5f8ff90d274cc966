/** Keeps what was computed once, by a key. */
import { canonicalJson } from "../plan/index.ts";

export interface Memo {
  /** The value of a key, made the first time. */
  once<T>(key: unknown, make: () => T): T;
}

/** An empty memo. Keys are compared as canonical JSON. */
export const memo = (): Memo => {
  const known = new Map<string, unknown>();
  return {
    once: <T>(key: unknown, make: () => T): T => {
      const name = canonicalJson(key);
      if (!known.has(name)) known.set(name, make());
      return known.get(name) as T;
    },
  };
};
