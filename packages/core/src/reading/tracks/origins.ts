/**
 * Where axes come from. Every axis of an input, and every axis a layer makes anew, is an origin; operators hand origins on, take two for
 * the same one (a sum of two values), or tell what one counts (a convolution). What one operator says of an axis holds for that axis everywhere.
 */
import type { AxisReading, AxisRole } from "../roles.ts";

/** How much each kind of evidence is worth: what a person says most, sizes least. */
export const WEIGHT = {
  said: 100,
  config: 90,
  lookup: 85,
  convolution: 80,
  recurrent: 75,
  graph: 65,
  norm: 60,
  pool: 50,
  name: 45,
  dense: 30,
  mean: 25,
  size: 10,
  first: 5,
} as const;

/** A share of an axis: one origin; several lie in an axis that a Reshape put together, the major first. */
export interface Part {
  readonly origin: number;
  /** Index k here holds what belongs to index k there, and nothing of its neighbours. */
  readonly exact: boolean;
  readonly size: number;
  /** Its number is free: it differs from run to run. */
  readonly free?: true;
}

interface Told extends AxisReading {
  readonly weight: number;
}

export class Origins {
  readonly #parents: number[] = [];
  readonly #told: (Told | undefined)[] = [];

  fresh(size: number): Part {
    this.#parents.push(this.#parents.length);
    return { origin: this.#parents.length - 1, exact: true, size };
  }

  find(origin: number): number {
    let root = origin;
    while (this.#parents[root] !== root) root = this.#parents[root]!;
    for (let at = origin; at !== root; ) [this.#parents[at], at] = [root, this.#parents[at]!];
    return root;
  }

  /** They count the same things in the same order. */
  same(a: number, b: number): void {
    const [into, from] = [this.find(a), this.find(b)].sort((x, y) => x - y) as [number, number];
    if (into === from) return;
    this.#parents[from] = into;
    const told = this.#told[from];
    if (told !== undefined) this.tell(into, told.role, told.why, told.weight);
  }

  /** Of several, what weighs most counts, the first on ties. */
  tell(origin: number, role: AxisRole, why: string, weight: number): void {
    const root = this.find(origin);
    if ((this.#told[root]?.weight ?? 0) < weight) this.#told[root] = { role, why, weight };
  }

  told(origin: number): Told | undefined {
    return this.#told[this.find(origin)];
  }
}
