/** Cholesky factors of symmetric positive definite matrices, row-major. */

/** L with A = L Lᵀ, lower triangular; undefined where A is not positive definite. */
export const cholesky = (a: ArrayLike<number>, n: number): Float64Array | undefined => {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i === j) {
        if (!(sum > 0)) return undefined;
        l[i * n + i] = Math.sqrt(sum);
      } else l[i * n + j] = sum / l[j * n + j]!;
    }
  return l;
};

/** |L⁻¹ x|², which is xᵀ A⁻¹ x. */
export const mahalanobis = (l: Float64Array, x: ArrayLike<number>, n: number): number => {
  const y = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * y[k]!;
    y[i] = sum / l[i * n + i]!;
    total += y[i]! ** 2;
  }
  return total;
};

/** log |A| = 2 Σ log L_ii. */
export const logDeterminant = (l: Float64Array, n: number): number => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.log(l[i * n + i]!);
  return 2 * sum;
};
