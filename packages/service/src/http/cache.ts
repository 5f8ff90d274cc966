/** Answers kept by what was asked: the content of the files, the model as it was loaded, the choices. Those used least recently go first. */
import { createHash } from "node:crypto";

export class Cache<V> {
  /** Least recently used first. */
  readonly #kept = new Map<string, { readonly value: V; readonly size: number }>();
  #size = 0;

  /** `bytes`: of all values together; 0 keeps nothing. */
  constructor(
    readonly bytes: number,
    readonly sizeOf: (value: V) => number,
  ) {}

  get(key: string): V | undefined {
    const found = this.#kept.get(key);
    if (found === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  set(key: string, value: V): void {
    const size = this.sizeOf(value);
    if (size > this.bytes || this.#kept.has(key)) return;
    this.#kept.set(key, { value, size });
    this.#size += size;
    for (const [oldest, { size: own }] of this.#kept) {
      if (this.#size <= this.bytes) return;
      this.#kept.delete(oldest);
      this.#size -= own;
    }
  }
}

/** Of plain data and bytes. */
export const contentKey = (asked: unknown, inputs: readonly Uint8Array[]): string => {
  const hash = createHash("sha256").update(JSON.stringify(asked));
  for (const bytes of inputs) hash.update(`\n${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
};
