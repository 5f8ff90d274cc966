/** Seeded numbers, fast enough for the 138 million weights of VGG-16: a linear congruential generator modulo 2³² (Knuth's). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) | 0;
  }

  /** `count` numbers, uniform in [centre − spread, centre + spread). */
  uniform(count: number, spread: number, centre = 0): Float32Array {
    const values = new Float32Array(count);
    const unit = spread / 2 ** 31;
    let state = this.#state;
    for (let i = 0; i < count; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      values[i] = centre + state * unit;
    }
    this.#state = state;
    return values;
  }
}
