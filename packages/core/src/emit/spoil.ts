/** A sample whose class does not exist has no relevance: NaN wherever its own is, and wherever samples are not known apart. */
import type { Builder } from "../graph/builder.ts";
import type { SamplesReading } from "../reading/index.ts";
import { around, type Layouts } from "./samples.ts";

export class Spoiler {
  readonly #g: Builder;
  readonly #samples: SamplesReading;
  readonly #layouts: Layouts;

  constructor(g: Builder, samples: SamplesReading, layouts: Layouts) {
    this.#g = g;
    this.#samples = samples;
    this.#layouts = layouts;
  }

  /** `poison`: as below; undefined where every sample has its class. `r` is shaped like the value. */
  at(r: string, name: string, poison: string | undefined): string {
    if (poison === undefined) return r;
    const g = this.#g;
    const shape = g.facts.shapeOf(name);
    const axis = this.#samples.of(name);
    if (axis !== undefined) return this.along(r, poison, { axis, rank: shape.length });
    const along = this.#layouts.of.get(name);
    const { outer, inner } = along === undefined ? { outer: null, inner: null } : around(shape, along);
    if (outer === null && inner === null) return g.add(r, g.reduceSum(poison, [0], 0));
    const split = [g.ints([outer ?? -1]), g.op("Shape", [poison]), g.ints([outer === null ? inner! : -1])];
    const apart = g.op("Reshape", [r, g.op("Concat", split, { axis: 0 })]);
    return g.op("Reshape", [this.along(apart, poison, { axis: 1, rank: 3 }), g.op("Shape", [r])]);
  }

  /** Of what has the samples along an axis. */
  along(r: string, poison: string | undefined, { axis, rank }: { readonly axis: number; readonly rank: number }): string {
    const g = this.#g;
    if (poison === undefined) return r;
    const sizes = Array.from({ length: rank }, (_, i) => (i === axis ? -1 : 1));
    return g.add(r, g.op("Reshape", [poison, g.ints(sizes)]));
  }
}

/** [N]: 0 where there is such a class, 0/0 where there is none. */
export const poisonOf = (g: Builder, exists: string): string => {
  const one = g.mask(exists);
  return g.sub(g.div(one, one), g.floats(1));
};
