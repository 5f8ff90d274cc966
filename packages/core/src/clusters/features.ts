/** Heatmaps as rows to compare: channels summed, blocks of pixels summed, each map brought to one size. */
import { fail } from "../errors.ts";
import type { FloatTensor } from "../tensor/float.ts";

const NORMALISATIONS = ["share", "max-abs", "l2", "none"] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

export interface FeatureOptions {
  /** Side of the blocks, in pixels; the last ones may be smaller. Default 1. */
  readonly pool?: number;
  /** Divided by Σ|R| (`share`, default), by the largest |R|, by the norm, or not. Maps of zeros stay zero. */
  readonly normalise?: Normalisation;
}

/** `maps`: [N, C, H, W]; rows of ⌈H / pool⌉ · ⌈W / pool⌉ cells, row-major. Errors: BadInput for another rank, BadRecipe. */
export const heatmapFeatures = (
  { dims, data }: FloatTensor,
  { pool = 1, normalise = "share" }: FeatureOptions = {},
): readonly Float64Array[] => {
  const [count, channels, height, width] = dims;
  if (width === undefined || dims.length !== 4)
    throw fail("BadInput", { what: `maps of ${dims.join("×")}`, fix: "give samples × channels × height × width" });
  if (!Number.isInteger(pool) || pool < 1) throw fail("BadRecipe", { what: `pool ${pool}`, fix: "give a whole number from 1" });
  if (!NORMALISATIONS.includes(normalise))
    throw fail("BadRecipe", { what: `normalise '${normalise}'`, fix: NORMALISATIONS.join(", ") });
  const columns = Math.ceil(width / pool);
  return Array.from({ length: count! }, (_, n) => {
    const row = new Float64Array(Math.ceil(height! / pool) * columns);
    for (let c = 0; c < channels!; c++)
      for (let y = 0; y < height!; y++)
        for (let x = 0; x < width; x++)
          row[Math.floor(y / pool) * columns + Math.floor(x / pool)]! += data[((n * channels! + c) * height! + y) * width + x]!;
    return scaled(row, normalise);
  });
};

const scaled = (row: Float64Array, normalise: Normalisation): Float64Array => {
  if (normalise === "none") return row;
  const sum = (of: (v: number) => number) => row.reduce((total, v) => total + of(v), 0);
  const size =
    normalise === "share"
      ? sum(Math.abs)
      : normalise === "l2"
        ? Math.sqrt(sum((v) => v * v))
        : row.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return size === 0 ? row : row.map((v) => v / size);
};
