/** How spread out a map is: numbers of one map, float64. Undefined (NaN) for maps of zeros unless said. */

/** Shannon entropy of the shares of |R|, in nats: −Σ p ln p with p = |R|/Σ|R|. 0 to ln n. */
export const entropyOf = (map: Float64Array): number => {
  const total = sumOfSizes(map);
  if (total === 0) return Number.NaN;
  let entropy = 0;
  for (const value of map) {
    const share = Math.abs(value) / total;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return entropy;
};

/** Gini index of |R|: Σ (2i − n − 1) a₍ᵢ₎ / (n Σ a), a ascending, i = 1 … n. 0 to 1 − 1/n. */
export const giniOf = (map: Float64Array): number => {
  const sizes = map.map(Math.abs).sort();
  const total = sumOfSizes(sizes);
  const n = sizes.length;
  return total === 0 ? Number.NaN : sizes.reduce((sum, size, i) => sum + (2 * i + 1 - n) * size, 0) / (n * total);
};

/** How many positions have |R| above a threshold. A map of zeros has none. */
export const countAbove = (map: Float64Array, threshold: number): number =>
  map.reduce((count, value) => count + Number(Math.abs(value) > threshold), 0);

export const largest = (map: Float64Array): number => map.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The map in 256 grey levels, zero in the middle: ⌊(R/max|R| + 1)/2 · 255 + ½⌋. */
export const greyOf = (map: Float64Array): Uint8Array => {
  const scale = largest(map) || 1;
  return Uint8Array.from(map, (value) => Math.floor(((value / scale + 1) / 2) * 255 + 0.5));
};

/** Shannon entropy in bits of how often each level occurs. */
export const levelEntropy = (levels: Uint8Array | Uint32Array, count: number): number => {
  const times = new Float64Array(count);
  for (const level of levels) times[level]!++;
  return times.reduce((entropy, n) => (n === 0 ? entropy : entropy - (n / levels.length) * Math.log2(n / levels.length)), 0);
};

/** The same of the map's values in bins of equal width from its smallest to its largest: 0 where all are equal. */
export const histogramEntropy = (map: Float64Array, bins: number): number => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of map) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const bin = (value: number) => Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
  return high > low ? levelEntropy(Uint32Array.from(map, bin), bins) : 0;
};

const sumOfSizes = (map: Float64Array): number => map.reduce((sum, value) => sum + Math.abs(value), 0);
