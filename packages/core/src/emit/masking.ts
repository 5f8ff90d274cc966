/**
 * Conditional relevance (Achtibat et al. 2023): at a masked value the summed relevance is multiplied by the mask, R(v) ← m ⊙ R(v), before
 * the rule of the node that makes v.
 */
import { fail } from "../errors.ts";
import type { Builder } from "../graph/builder.ts";
import type { Flow } from "./flow.ts";
import type { Tail } from "./tail.ts";

export interface Masks {
  /** By value: the factor, in a shape that broadcasts to it. */
  readonly factors: ReadonlyMap<string, string>;
  /** What goes past a masked value is dropped. */
  readonly only: boolean;
}

/** What happened at one masked value. */
export interface Masked {
  readonly value: string;
  readonly before: Flow;
  readonly after: Flow;
  /** With `only`: the relevance at other values, which would have gone past this one. */
  readonly dropped: ReadonlyMap<string, Flow>;
}

interface Walking {
  readonly masks: Masks;
  /** Relevance by value, as far as the walk has come. */
  readonly at: Map<string, Flow>;
  readonly tail: Tail | undefined;
  readonly masked: ((masked: Masked) => void) | undefined;
}

export class Masking {
  readonly #g: Builder;
  readonly #walking: Walking;
  readonly #met = new Set<string>();
  /** Values whose relevance is handed on: what is pending lies at the others. */
  readonly #behind = new Set<string>();

  constructor(g: Builder, walking: Walking) {
    this.#g = g;
    this.#walking = walking;
  }

  /** The walk has come to a value: all that reads it has added its share. */
  meet(value: string): void {
    const { masks, at, tail, masked } = this.#walking;
    const factor = masks.factors.get(value);
    if (factor !== undefined) {
      const before = at.get(value);
      const inTail = tail?.multiply(value, factor) ?? false;
      if (before === undefined && !inTail) throw unreached(value, masks.only && this.#met.size > 0);
      this.#met.add(value);
      const dropped = masks.only ? this.#drop(value) : new Map<string, Flow>();
      if (before !== undefined) {
        const after = times(this.#g, before, factor);
        at.set(value, after);
        masked?.({ value, before, after, dropped });
      }
    }
    this.#behind.add(value);
  }

  /** Errors: BadRecipe, where the walk never came to a masked value. */
  finish(): void {
    for (const value of this.#walking.masks.factors.keys()) if (!this.#met.has(value)) throw unreached(value, false);
  }

  #drop(value: string): ReadonlyMap<string, Flow> {
    const { at, tail } = this.#walking;
    tail?.keepOnly(value);
    const dropped = new Map([...at].filter(([name]) => name !== value && !this.#behind.has(name)));
    for (const name of dropped.keys()) at.delete(name);
    return dropped;
  }
}

const times = (g: Builder, { full, pairs }: Flow, factor: string): Flow => ({
  pairs: new Map([...pairs].map(([name, m]) => [name, g.mul(m, factor)])),
  ...(full !== undefined && { full: g.mul(full, factor) }),
});

const unreached = (value: string, behind: boolean) =>
  fail("BadRecipe", {
    what: `no relevance reaches '${value}'${behind ? " by way of the other masked values" : ""}`,
    why: behind
      ? "with only, each masked value has to lie on the way from the one before it"
      : "a mask needs a value between what is explained and the output",
    fix: behind
      ? "leave only out, or mask values of one path"
      : "inspect lists the values; of nodes taken together as one, name the last output",
  });
