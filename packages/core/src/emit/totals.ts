/** Sums over a sample of what is shaped like some value, each [N, 1, 1]; over the whole batch, the same for every sample, where samples are not known apart. */
import type { Builder } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";
import { type Along, around, type Layouts } from "./samples.ts";

export class Totals {
  readonly zero: string;
  readonly #g: Builder;
  /** [N] as a shape, and the shape [N, 1, −1] of one row a sample. */
  readonly #samples: string;
  readonly #perSample: string;
  readonly #each: string;
  readonly #layouts: Layouts;
  /** Values whose relevance comes out of samples that met. */
  readonly #met = new Set<string>();
  #whole = false;

  /** `batch`: a value whose first axis counts the samples. */
  constructor(g: Builder, batch: string, layouts: Layouts) {
    this.#g = g;
    this.#layouts = layouts;
    this.#samples = g.op("Shape", [batch], { start: 0, end: 1 });
    this.#perSample = g.op("Concat", [this.#samples, g.ints([1, -1])], { axis: 0 });
    this.#each = g.op("Concat", [this.#samples, g.ints([1, 1])], { axis: 0 });
    this.zero = g.op("ConstantOfShape", [this.#each]);
  }

  /** Is the relevance at a value known sample by sample? */
  apart(name: string): boolean {
    return this.#layouts.single || (!this.#met.has(name) && this.#form(name) !== undefined);
  }

  /** Starts a row between these values; true: it has to be one of the whole batch. What comes out of samples that met stays together. */
  open(arrived: readonly string[], left: readonly string[]): boolean {
    const together = !arrived.every((name) => this.apart(name));
    this.#whole = together || !left.every((name) => this.apart(name));
    if (together) for (const name of left) this.#met.add(name);
    return this.#whole;
  }

  /** As a row of its own. */
  alone(r: string, name: string): string {
    this.open([name], []);
    return this.of(r, name);
  }

  of(r: string, name: string): string {
    const g = this.#g;
    const shape = g.facts.shapeOf(name);
    if (this.#whole) return g.op("Expand", [this.#all(r, shape), this.#each]);
    if (this.#layouts.single) return this.#all(r, shape);
    const form = this.#form(name)!;
    if (form === "first") return g.reduceSum(this.#rows(this.#inRows(r, shape)), [-1]);
    if (typeof form === "number") {
      const others = [...shape.keys()].filter((axis) => axis !== form);
      return g.op("Reshape", [g.reduceSum(r, others, 0), this.#each]);
    }
    return g.op("Reshape", [g.reduceSum(g.op("Reshape", [r, this.#split(form)]), [0, 2], 0), this.#each]);
  }

  /** Do samples come first here, so that what is summed up may be reshaped to rows of a sample? */
  inRows(name: string): boolean {
    return !this.#whole && !this.#layouts.single && this.#form(name) === "first";
  }

  /** As rows of `size` values for each sample; a sample may have several: its tokens. [N, n, size] */
  rowsOf(value: string, size: string): string {
    const g = this.#g;
    return g.op("Reshape", [value, g.op("Concat", [this.#samples, g.ints([-1]), size], { axis: 0 })]);
  }

  #rows = (value: string): string => this.#g.op("Reshape", [value, this.#perSample]);

  #all(r: string, shape: Shape): string {
    const g = this.#g;
    const row = g.op("Reshape", [this.#inRows(r, shape), g.ints([1, 1, -1])]);
    // The runtime's sum of nothing has a size of nothing: a detector's scale may have found nothing.
    const some = shape.some((size) => size === null || size === 0)
      ? g.op("Concat", [row, g.floats([0], [1, 1, 1])], { axis: 2 })
      : row;
    return g.reduceSum(some, [-1]);
  }

  /** In two steps: the large one over rows, which the runtime spreads over its threads. */
  #inRows = (r: string, shape: Shape): string => (shape.length > 2 ? this.#g.reduceSum(r, [...shape.keys()].slice(2), 0) : r);

  /** How samples are told apart: they come first; they have an axis; or the value is outer × samples × inner. */
  #form(name: string): "first" | number | Omit<Along, "axis"> | undefined {
    const along = this.#layouts.of.get(name);
    if (along === undefined) return undefined;
    const { outer, inner } = around(this.#g.facts.shapeOf(name), along);
    if (outer === 1 && along.axis === 0) return "first";
    if (along.outer === 1 && along.inner === 1) return along.axis;
    return outer === null && inner === null ? undefined : { outer, inner };
  }

  #split({ outer, inner }: Omit<Along, "axis">): string {
    const g = this.#g;
    const [before, after] = outer === null ? [-1, inner!] : [outer, -1];
    return g.op("Concat", [g.ints([before]), this.#samples, g.ints([after])], { axis: 0 });
  }
}
