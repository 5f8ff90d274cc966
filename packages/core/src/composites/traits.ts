/** What a model is made of, as far as the choice of `auto` depends on it. */

/** What is explained: a picture (two axes of space or more), a row over time, tokens, a row of a table; undefined where nothing tells. */
export type InputKind = "picture" | "series" | "tokens" | "table";

export interface Traits {
  /** Operators of the model. */
  readonly ops: ReadonlySet<string>;
  /** Values weighted by a softmax of other values. */
  readonly attention: boolean;
  /** Share of the layers with weights that work for such products; a stem of patches or a few convolutions does not count. 0 without attention. */
  readonly attentionShare: number;
  /** Over how many axes convolutions go: those of their maps that are longer than 1. */
  readonly convolutions: ReadonlySet<number>;
  /** Some convolutions take every channel apart. */
  readonly depthwise: boolean;
  /** A value less its mean over channels, over its deviation. */
  readonly layerNorm: boolean;
  /** Weights that are applied to what they made themselves: LSTM, GRU, loops. */
  readonly recurrent: boolean;
  /** Classes are compared by log-likelihoods, whose evidence has one sign for all of them. */
  readonly likelihoods: boolean;
  readonly input?: InputKind;
}
