/** What `cluster` comes to: plain data. */
import type { Corner, Spray } from "@backlit/core";

/** Plain data: share of the samples for which the class wins, and the mean of its lead (its output less the largest other). */
export interface Standing {
  readonly wins: number;
  readonly lead: number;
}

/** A part of the input that may decide for a class by itself. */
interface Candidate {
  readonly target: readonly number[];
  readonly label?: string;
  /** Samples that have it, by their number in the data, and the class's others. */
  readonly samples: readonly number[];
  readonly others: readonly number[];
  /** Put into samples of other classes: taken from samples with it (`after`), or the same of the class's others (`control`). */
  readonly planted: { readonly before: Standing; readonly after: Standing; readonly control: Standing };
  /** In samples with it, replaced by what the class's others have there. */
  readonly flipped: { readonly before: Standing; readonly after: Standing };
  readonly score: number;
}

/** At the same place in every sample. */
export interface RegionCandidate extends Candidate {
  /** Of the class. */
  readonly cluster: number;
  /** Cells of the pooled maps where the cluster has relevance that the class's other samples have not. */
  readonly cells: readonly number[];
  /** Mean share of |R| in them: of the cluster, and of the class's other samples. Score: (own − others) / (own + others), times the share of the way to the class that planting goes, more than the control. */
  readonly share: { readonly own: number; readonly others: number };
}

/** Wherever it is: the window with much relevance that does most in other pictures. */
export interface WindowCandidate extends Candidate {
  /** Rows and columns of it, in pixels. */
  readonly side: number;
  /** By sample of `samples`: the first row and column. */
  readonly windows: readonly Corner[];
  /** Mean share of the way to the class that a window goes: of samples with it, and of the class's others. Score: (own − others) / (own + others) × (own − others). */
  readonly way: { readonly own: number; readonly others: number };
}

export type ClusterCandidate = RegionCandidate | WindowCandidate;

/** How samples are placed in the plane. */
export const EMBEDDINGS = ["spectral", "umap"] as const;
export type Embedding = (typeof EMBEDDINGS)[number];

export interface ClusteredClass extends Spray {
  /** Indices of the explained class, and its name where there is one. */
  readonly target: readonly number[];
  readonly label?: string;
  /** Numbers of its samples in the data, and their names. */
  readonly samples: readonly number[];
  readonly names: readonly string[];
}

export interface ClusterResult {
  readonly v: 1;
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string; readonly identity: string };
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly pool: number;
  readonly recipe: unknown;
  readonly hash: string;
  /** Of the maps before pooling: height and width. */
  readonly size: readonly [number, number];
  readonly classes: readonly ClusteredClass[];
  /** The most suspicious first; those with a score of at least `threshold` decide by a region of their own. */
  readonly candidates: readonly ClusterCandidate[];
  readonly threshold: number;
  readonly embedding: Embedding;
}

/** For a page. */
export interface ClusterTile {
  readonly sample: number;
  readonly name: string;
  /** Data URIs; absent for inputs that are no pictures. */
  readonly picture?: string;
  readonly map?: string;
}

export interface ClusterPictures {
  /** By class and cluster: samples of it, first the middle one. */
  readonly classes: readonly (readonly (readonly ClusterTile[])[])[];
  /** By candidate: samples with relevance in its region. */
  readonly candidates: readonly (readonly ClusterTile[])[];
}
