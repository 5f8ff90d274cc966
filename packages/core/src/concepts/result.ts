/** What an analysis of concepts comes to: plain data. */
import type { ReferenceSamples } from "./reference-samples.ts";
import type { Mode } from "./statistic.ts";

export interface ConceptSample {
  readonly name: string;
  /** Indices of the explained class. */
  readonly target: readonly number[];
  /** What is explained, where it is no class of the whole sample: a box, a region, a token. */
  readonly aim?: string;
  readonly label?: string;
}

/** One chunk of samples at one value. */
export interface ConceptPart {
  readonly channels: number;
  readonly references: Readonly<Partial<Record<Mode, ReferenceSamples>>>;
  /** `[N, C]`: R_c / (1e-10 + Σ|R_c|), where R_c is the sum over positions. */
  readonly vectors?: readonly (readonly number[])[];
}

export interface ConceptChunk {
  readonly samples: readonly ConceptSample[];
  readonly values: Readonly<Record<string, ConceptPart>>;
  readonly recipe: unknown;
  readonly hash: string;
  readonly notices: readonly string[];
}

export interface ConceptValue extends ConceptPart {
  /** Channels that had no relevance, or activation, for any sample. */
  readonly never: Readonly<Partial<Record<Mode, readonly number[]>>>;
}

export interface ConceptResult {
  readonly concepts: 1;
  readonly version: string;
  readonly model: { readonly name: string; readonly sha256: string; readonly identity: string };
  readonly data: { readonly name: string; readonly sha256: string; readonly count: number };
  readonly recipe: unknown;
  readonly hash: string;
  readonly samples: readonly ConceptSample[];
  /** By value. */
  readonly values: Readonly<Record<string, ConceptValue>>;
  readonly notices: readonly string[];
}
