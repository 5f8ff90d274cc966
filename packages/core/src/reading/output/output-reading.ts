/** What is read of an output. */
import type { KindReading } from "./kind.ts";
import type { Link } from "./link.ts";

export interface OutputReading extends KindReading {
  readonly output: string;
  readonly link: Link;
  /** The axis of `link.start` that counts classes; undefined: its values are no classes of one another. */
  readonly classAxis: number | undefined;
  /** What tells the axis. */
  readonly whyAxis: string;
  /** −1 where the smaller number speaks for what is explained: distances, outlier scores that are large for what is usual. */
  readonly sign: 1 | -1;
  /** One number stands for two classes: z for class 1, −z for class 0. */
  readonly twoClasses: boolean;
  /** Its values are logits or probabilities of classes, not sizes of something. */
  readonly classes: boolean;
}
