/** Numbers against expected ones, element by element. */

/** The element that is furthest off, measured by its tolerance. */
export interface Difference {
  readonly error: number;
  readonly tolerance: number;
  /** "logit [3, 17]: 0.5 instead of 0.25" */
  readonly where: string;
}

/** Keeps the worst of many comparisons. NaN is met by NaN only. */
export class Worst {
  difference: Difference | undefined;
  #ratio = -1;

  /** Zero tolerance asks for the very number. */
  number(what: string, got: number, want: number, tolerance: number): void {
    const error = Number.isNaN(got) && Number.isNaN(want) ? 0 : got === want ? 0 : Math.abs(got - want);
    const ratio = error === 0 ? 0 : Number.isNaN(error) ? Number.POSITIVE_INFINITY : error / tolerance;
    // A tolerance that is no number lets nothing pass.
    this.#take(
      Number.isNaN(ratio) || !(tolerance >= 0) ? Number.POSITIVE_INFINITY : ratio,
      error,
      tolerance,
      () => `${what}: ${text(got)} instead of ${text(want)}`,
    );
  }

  numbers(what: string, got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number, row = want.length): void {
    if (got.length !== want.length) this.fails(`${what}: ${got.length} numbers instead of ${want.length}`);
    for (let i = 0; i < Math.min(got.length, want.length); i++) {
      const place = row === want.length ? `${i}` : `${Math.floor(i / row)}, ${i % row}`;
      this.number(`${what} [${place}]`, got[i]!, want[i]!, tolerance);
    }
  }

  fails(where: string): void {
    this.#take(Number.POSITIVE_INFINITY, Number.NaN, Number.NaN, () => where);
  }

  get holds(): boolean {
    return this.#ratio <= 1;
  }

  #take(ratio: number, error: number, tolerance: number, where: () => string): void {
    if (ratio <= this.#ratio) return;
    this.#ratio = ratio;
    this.difference = { error, tolerance, where: where() };
  }
}

const text = (value: number): string => (Number.isNaN(value) ? "undefined" : String(value));
