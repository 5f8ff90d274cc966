/** A linear support vector machine by dual coordinate descent (Hsieh et al. 2008), with a bias. */
import { randomBy } from "../numeric/random.ts";

const C = 1;
const PASSES = 500;
const STILL = 1e-6;

/** The weights: positive where `positive` lies. Rows are brought to unit mean size first, so that C means the same for every layer. */
export const separating = (negative: readonly ArrayLike<number>[], positive: readonly ArrayLike<number>[]): readonly number[] => {
  const rows = [...negative, ...positive];
  const width = rows[0]!.length;
  const sizeOf = (row: ArrayLike<number>) => Math.sqrt(Array.from(row).reduce((sum, v) => sum + v * v, 0));
  const scale = rows.reduce((sum, row) => sum + sizeOf(row), 0) / rows.length || 1;
  const w = new Float64Array(width + 1);
  const alpha = new Float64Array(rows.length);
  const scaled = rows.map((row) => Float64Array.from({ length: width + 1 }, (_, d) => (d < width ? row[d]! / scale : 1)));
  const squares = scaled.map((row) => row.reduce((sum, v) => sum + v * v, 0));
  const random = randomBy(0);
  for (let pass = 0; pass < PASSES; pass++) {
    let largest = 0;
    for (const i of random.stream(pass).permutation(rows.length)) {
      const [row, y] = [scaled[i]!, i < negative.length ? -1 : 1];
      const slope = y * row.reduce((sum, v, d) => sum + v * w[d]!, 0) - 1;
      const next = Math.min(C, Math.max(0, alpha[i]! - slope / squares[i]!));
      const step = (next - alpha[i]!) * y;
      if (step === 0) continue;
      largest = Math.max(largest, Math.abs(step));
      alpha[i] = next;
      for (let d = 0; d <= width; d++) w[d]! += step * row[d]!;
    }
    if (largest < STILL) break;
  }
  return Array.from(w.subarray(0, width));
};
