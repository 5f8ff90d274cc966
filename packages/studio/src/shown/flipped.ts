/** Pixel-flipping of one map as plain data: with it every step of the three orders can be drawn at once. */
import type { Raster } from "@backlit/core/render";

export const ORDERS = ["mif", "lif", "random"] as const;
/** Most or least important first, as Blücher et al. 2024 have it, or at random. */
export type FlipOrder = (typeof ORDERS)[number];

/** What stands in for removed parts where nobody chooses, of texts and tables. */
export const USUAL = "usual";

/** What may, by what is drawn; the first where nobody chooses. */
export const FILLINGS = {
  picture: ["zero", "mean", "blur", "road", "uniform"],
  text: [USUAL, "zero", "mean"],
  table: [USUAL, "zero"],
} as const;

export interface Flipped {
  /** What stood in for removed parts. */
  readonly imputer: string;
  readonly units: number;
  /** Of the input that is gone at each step, 0 to 1. */
  readonly shares: readonly number[];
  /** The score at each step; at random the mean of several orders. */
  readonly curves: Readonly<Record<FlipOrder, readonly number[]>>;
  /** Areas: LIF minus MIF, random minus MIF, LIF minus random. */
  readonly scores: { readonly srg: number; readonly mrg: number; readonly lrg: number };
  /** The score is a probability. */
  readonly probable: boolean;
  /** Which place in the order the unit of each position has, from 0 on: of pictures row by row. Absent where units are no positions. */
  readonly places?: Readonly<Record<FlipOrder, Uint32Array>>;
  /** How many units are gone at each step. */
  readonly counts: readonly number[];
  /** Of a picture: its positions, and what stands in for all of them. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly filled?: Raster;
}
