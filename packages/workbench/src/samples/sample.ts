/** One input of a model, ready to be fed, and what it looked like before. */
import type { Geometry, Pixels, Tensor, TokenizedText } from "@backlit/core";

/** One INPUT. The tensors' first axis is the batch where the model has one. */
export interface Sample {
  readonly file: string;
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly picture?: { readonly pixels: Pixels; readonly geometry: Geometry };
  readonly text?: TextSample;
  /** Of models that read several texts apart from each other: each by the input its tokens are fed to. */
  readonly texts?: Readonly<Record<string, TextSample>>;
  /** Names of the columns, by input; the feeds are rows of a table. */
  readonly features?: Readonly<Record<string, readonly string[]>>;
  readonly series?: true;
  readonly sound?: SoundSample;
  /** The name of a kind of input that was defined from outside. */
  readonly kind?: string;
  /** The file's bytes, as far as the model takes them. */
  readonly bytes?: Uint8Array;
}

/** A text, and the position of its first token among the row's. */
export interface TextSample {
  readonly tokenized: TokenizedText;
  readonly from: number;
}

/** A sound as it was fed: along which axis of the input time runs, and how far apart its steps are. */
export interface SoundSample {
  /** Seconds from step to step, and from the beginning to the middle of the first. */
  readonly step: number;
  readonly first: number;
  /** The axes of one sample, as the model takes them; frequency is there for features only. */
  readonly axes: { readonly time: number; readonly frequency?: number };
  /** Hertz in the middle of each band of frequencies, from the first on; of features. */
  readonly bands?: readonly number[];
  /** How many steps are of the sound; what follows is filled up. */
  readonly steps: number;
}
