/** The network as blocks: what each does with relevance, and what became of it there. Plain data. */
import type { RuleSpec } from "@backlit/core";
import type { ViewData } from "@backlit/workbench";

export interface Block {
  readonly name: string;
  readonly op: string;
  readonly kind: string;
  readonly rule: RuleSpec;
  readonly why: string;
  /** Where relevance is lost here, if anywhere. */
  readonly loses: readonly string[];
  /** A layer with weights: its rule is one of many. */
  readonly layer: boolean;
  /** What it makes. */
  readonly value: string;
  /** Blocks it takes from, by their place in the list. */
  readonly from: readonly number[];
  /** Nodes of the file it stands for. */
  readonly nodes: readonly string[];
  /** Relevance that came, and that went on; absent where nobody kept accounts. */
  readonly in?: number;
  readonly out?: number;
  readonly causes?: Readonly<Record<string, number>>;
}

export interface Network {
  /** From the input to the output. */
  readonly blocks: readonly Block[];
  /** Relevance put at the output, and what shares are shares of. */
  readonly seed: number;
  readonly of: number;
  readonly arrived: number;
}

/** Relevance of one value inside. */
export interface LayerMap {
  readonly dims: readonly number[];
  /** Σ over channels, where positions lie in a plane. */
  readonly plane?: { readonly width: number; readonly height: number; readonly values: Float32Array };
  /** Σ over positions of each channel, the largest first. */
  readonly channels: readonly { readonly channel: number; readonly sum: number }[];
  readonly sum: number;
}

/** What of one input's decision goes through a channel. */
export interface ChannelSample {
  readonly name: string;
  /** Of the relevance at the value, Σ|R_c| = 1. */
  readonly share: number;
  /** A picture, and the map of the decision through that channel alone. */
  readonly drawn?: Extract<ViewData, { kind: "picture" }>;
}

/** What a block keeps for itself, as a share of what was put in. */
export const keptShare = ({ in: given, out }: Block, of: number): number =>
  given === undefined || out === undefined || of === 0 ? 0 : (given - out) / of;
