/** How alike two heatmaps are: rank and linear correlation, structural similarity. Symmetric in the maps; float64. */
import { gaussian } from "../../numeric/blur.ts";
import { pearson, spearman } from "../../numeric/correlation.ts";

type Map = Float64Array;

/**
 * Windows of SSIM: Gaussian with σ = 1.5 and 11 × 11 positions (Wang et al. 2004), or 7 × 7 even weights (scikit-image).
 * @internal Exported for its tests.
 */
export type SsimWindow = "gaussian" | "uniform7";

/** By name, of maps by position; `sizes`: height and width. SSIM is NaN for maps of other forms or smaller than the window. */
export const similarity = (a: Map, b: Map, sizes: readonly number[]): Readonly<Record<string, number>> => ({
  spearman: spearman(a, b),
  spearman_abs: spearmanAbs(a, b),
  pearson: pearson(a, b),
  ssim_gaussian: ssim(a, b, sizes, "gaussian"),
  ssim_uniform7: ssim(a, b, sizes, "uniform7"),
});

/** Spearman's ρ of |a| and |b|. */
const spearmanAbs = (a: Map, b: Map): number => spearman(a.map(Math.abs), b.map(Math.abs));

/**
 * Mean SSIM over the positions where the whole window fits (Wang et al. 2004, eq. 13):
 * (2 μa μb + C1)(2 σab + C2) / ((μa² + μb² + C1)(σa² + σb² + C2)), C1 = (0.01 L)², C2 = (0.03 L)², L the range of both maps together.
 * Variances are the population's under the Gaussian window, the sample's (N/(N − 1)) under the even one. NaN where both maps are constant.
 * @internal Exported for its tests.
 */
export const ssim = (a: Map, b: Map, [height, width, ...more]: readonly number[], window: SsimWindow): number => {
  const kernel = window === "gaussian" ? gaussian(1.5, 5) : new Float64Array(7).fill(1 / 7);
  if (height === undefined || width === undefined || more.length > 0 || Math.min(height, width) < kernel.length)
    return Number.NaN;
  const range = jointRange(a, b);
  if (range === 0) return Number.NaN;
  const mean = (f: (i: number) => number) =>
    filtered(
      Float64Array.from(a, (_, i) => f(i)),
      height,
      width,
      kernel,
    );
  const [ma, mb] = [mean((i) => a[i]!), mean((i) => b[i]!)];
  const [aa, bb, ab] = [mean((i) => a[i]! ** 2), mean((i) => b[i]! ** 2), mean((i) => a[i]! * b[i]!)];
  const count = kernel.length ** 2;
  const factor = window === "gaussian" ? 1 : count / (count - 1);
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2];
  const total = ma.reduce((sum, u, i) => {
    const v = mb[i]!;
    const spread = factor * (aa[i]! - u * u + bb[i]! - v * v);
    const joint = factor * (ab[i]! - u * v);
    return sum + ((2 * u * v + c1) * (2 * joint + c2)) / ((u * u + v * v + c1) * (spread + c2));
  }, 0);
  return total / ma.length;
};

const jointRange = (a: Map, b: Map): number => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const map of [a, b]) for (const value of map) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return high - low;
};

/** The weighted mean under a window at every position where it fits, along both axes. */
const filtered = (map: Map, height: number, width: number, kernel: Float64Array): Map => {
  const [rows, columns] = [height - kernel.length + 1, width - kernel.length + 1];
  const down = new Float64Array(rows * width);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++)
      for (let k = 0; k < kernel.length; k++) down[y * width + x]! += kernel[k]! * map[(y + k) * width + x]!;
  const both = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let k = 0; k < kernel.length; k++) both[y * columns + x]! += kernel[k]! * down[y * width + x + k]!;
  return both;
};
