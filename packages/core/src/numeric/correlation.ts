/** Correlations of two lists, in float64. */

/** Pearson's r; NaN where one of the lists does not vary. */
export const pearson = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  // Equal values may differ from their own mean by a rounding error.
  if (isConstant(a) || isConstant(b)) return Number.NaN;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB];
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  const scale = Math.sqrt(aa * bb);
  return scale > 0 ? Math.max(-1, Math.min(1, ab / scale)) : Number.NaN;
};

const isConstant = (a: ArrayLike<number>): boolean => {
  for (let i = 1; i < a.length; i++) if (a[i] !== a[0]) return false;
  return true;
};

export const mean = (a: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]!;
  return sum / a.length;
};

/** The mean of what is defined; NaN where nothing is. */
export const definedMean = (a: Float64Array): number => mean(a.filter((value) => !Number.isNaN(value)));

/** Ranks 1 … n; equal values share the mean of their ranks. */
export const ranksOf = (a: ArrayLike<number>): Float64Array => {
  const order = Uint32Array.from({ length: a.length }, (_, i) => i).sort((i, j) => a[i]! - a[j]! || i - j);
  const ranks = new Float64Array(a.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && a[order[to]!] === a[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
};

/** Spearman's ρ: Pearson's r of the ranks. */
export const spearman = (a: ArrayLike<number>, b: ArrayLike<number>): number => pearson(ranksOf(a), ranksOf(b));
