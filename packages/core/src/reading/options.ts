/** What a person says of a model's axes, where the reading would say something else or cannot know. */
export interface ReadingOptions {
  /** Axes of the explained input by letter, as in NHWC, NCL, NLC: N batch, C channel, H, W, D, L (or T) time, F feature, V node, S token. */
  readonly layout?: string;
  /** Axis of the inputs that counts samples; "none": rows depend on each other, all of them are one sample. */
  readonly batchAxis?: number | "none";
  /** The channel axis of values, by name. */
  readonly channelAxis?: Readonly<Record<string, number>>;
}
