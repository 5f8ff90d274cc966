/**
 * Random numbers by keys: a stream is named by the seed and any whole numbers (sample, draw), so that what a row gets does not depend
 * on the batch it is in. SplitMix32 mixes the keys, xoshiro128** (Blackman and Vigna 2018) makes the numbers.
 */
export interface Random {
  readonly seed: number;
  /** The number by which row n of the batch draws: of a sample in its data, so that batch mates do not matter. Its place, unless said. */
  id(n: number): number;
  stream(...keys: readonly number[]): Stream;
}

export interface Stream {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal (Box and Muller). */
  normal(): number;
  /** Whole, uniform in [0, n). */
  below(n: number): number;
  /** A random order of 0 … n − 1 (Fisher and Yates). */
  permutation(n: number): Uint32Array;
}

const mix = (state: number): number => {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
};
const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/**
 * Random numbers by keys: the stream of a key depends on the seed and the key alone, not on what was drawn before. `ids`:
 * numbers of the samples of a batch in their data; default 0, 1, ….
 */
export const randomBy = (seed: number, ids?: readonly number[]): Random => ({
  seed,
  id: (n) => ids?.[n] ?? n,
  stream: (...keys) => streamOf([seed, ...keys]),
});

const streamOf = (keys: readonly number[]): Stream => {
  let key = 0x243f6a88;
  for (const k of keys) key = mix(key ^ mix(k | 0) ^ mix(Math.floor(k / 2 ** 32)));
  let [a, b, c, d] = [mix(key), mix(key ^ 1), mix(key ^ 2), mix(key ^ 3) | 1];
  const next = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const below = (n: number): number => Math.floor(next() * n);
  const permutation = (n: number): Uint32Array => {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  };
  return { next, normal, below, permutation };
};
