/** What goes between the page and its worker. */
import type { Recipe } from "@backlit/core";
import type { ChartsOfRows, receivedError } from "@backlit/workbench";
import type { Edits } from "../shown/chosen.ts";
import type { Flipped } from "../shown/flipped.ts";
import type { Groups } from "../shown/groups.ts";
import type { ChannelSample, LayerMap, Network } from "../shown/network.ts";
import type { Randomised } from "../shown/randomised.ts";
import type { Shown } from "../shown/shown.ts";

/** A model's files. `key` tells one model from another; the worker keeps the last one open. */
export type ModelSource =
  /** `fresh`: the files may be others at the next visit. */
  (
    | {
        readonly key: string;
        readonly base: string;
        readonly names: readonly string[];
        /** Taken where they are there. */
        readonly beside?: readonly string[];
        readonly fresh?: boolean;
      }
    | { readonly key: string; readonly files: Readonly<Record<string, Blob>> }
  ) & {
    /** Names of the classes, in place of those beside the model. */
    readonly labels?: File;
  };

export type InputSource = { readonly name: string; readonly blob: Blob } | { readonly text: string };

export interface ExplainAsk {
  /** Questions of one turn are about one explanation. */
  readonly turn: number;
  readonly model: ModelSource;
  readonly input: InputSource;
  readonly choice: { readonly method?: string; readonly composite?: string };
  readonly edits: Edits;
  readonly target?: string;
}

/** What the worker computes with, for as long as it lives: the name it is started by, as JSON. */
export interface EngineChoice {
  readonly device: "wasm" | "webgpu";
  readonly threads: number;
}

export interface FlipAsk extends ExplainAsk {
  /** What stands in for removed parts. */
  readonly imputer: string;
}

export interface LayerAsk extends ExplainAsk {
  /** A value inside the network. */
  readonly value: string;
}

export interface ChannelAsk extends LayerAsk {
  readonly channel: number;
  /** All that were given. */
  readonly inputs: readonly InputSource[];
}

export interface GroupsAsk extends ExplainAsk {
  readonly inputs: readonly InputSource[];
}

export interface RowsAsk extends ExplainAsk {
  /** The row whose steps are drawn. */
  readonly row: number;
}

export interface CompileAsk {
  readonly model: ModelSource;
  readonly input: InputSource;
  readonly recipe: Recipe;
  readonly target?: string;
}

/** One way to explain, as the page offers it. */
export interface Card {
  readonly name: string;
  /** A composite is one choice of rules of layer-wise relevance propagation. */
  readonly kind: "composite" | "method";
  readonly what: string;
  readonly assumes?: string;
  readonly cost: string;
  readonly source: string;
}

/** By name: what is asked, what is answered. */
export interface Work {
  readonly cards: { readonly asked: object; readonly answer: readonly Card[] };
  readonly explain: { readonly asked: ExplainAsk; readonly answer: Shown };
  readonly flip: { readonly asked: FlipAsk; readonly answer: Flipped };
  readonly randomise: { readonly asked: ExplainAsk; readonly answer: Randomised };
  readonly network: { readonly asked: ExplainAsk; readonly answer: Network };
  readonly layer: { readonly asked: LayerAsk; readonly answer: LayerMap };
  readonly channel: { readonly asked: ChannelAsk; readonly answer: readonly ChannelSample[] };
  readonly groups: { readonly asked: GroupsAsk; readonly answer: Groups };
  readonly rows: { readonly asked: RowsAsk; readonly answer: ChartsOfRows };
  readonly unzip: { readonly asked: { readonly archive: File }; readonly answer: Readonly<Record<string, File>> };
  readonly compile: { readonly asked: CompileAsk; readonly answer: Blob };
}

export type WorkName = keyof Work;

export interface Asked<N extends WorkName = WorkName> {
  readonly id: number;
  readonly work: N;
  readonly asked: Work[N]["asked"];
}

type Sent = Parameters<typeof receivedError>[0];

export type Told =
  | { readonly id: number; readonly progress: string }
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: Sent };
