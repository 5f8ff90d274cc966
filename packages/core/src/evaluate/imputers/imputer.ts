/** What stands in for removed values. An imputer is a card and one function that prepares it for a sample. */

import type { Stream } from "../../numeric/random.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Trial } from "../metric.ts";

export interface ImputerCard {
  readonly name: string;
  /** How it is written: "blur:SIGMA". */
  readonly form: string;
  readonly what: string;
  readonly source: string;
  /** It draws random numbers: repeats differ. */
  readonly random?: true;
}

/** One sample, for one repeat. */
export interface Imputing extends Pick<Trial, "range" | "others" | "references" | "absent" | "given" | "kind"> {
  readonly x: FloatTensor;
  /** Row of x. */
  readonly n: number;
  /** Number of the sample in the data. */
  readonly id: number;
  readonly repeat: number;
  /** Of this sample and repeat. */
  stream(): Stream;
}

export type Filling =
  /** Every value's stand-in, whatever is removed. */
  | { readonly kind: "snapshot"; readonly values: Float32Array }
  /** Depends on what is removed. */
  | {
      readonly kind: "mask";
      /** Overwrites the removed values (1) of a copy of the sample. */
      fill(into: Float32Array, removed: Uint8Array): void;
    };

export interface Imputer {
  readonly card: ImputerCard;
  /** `args`: what follows the name, split at colons. Errors: BadRecipe. */
  prepare(args: readonly string[], sample: Imputing): Filling;
}

export const snapshot = (values: Float32Array): Filling => ({ kind: "snapshot", values });
