/** What a detector gives before anything is filtered: boxes of anchors, and scores of their classes. */

/** How four numbers are a box. */
export type BoxLayout = "xyxy" | "yxyx" | "cxcywh";

/** Numbers of anchors within a value: its axes count from 0, the batch included. */
export interface Columns {
  readonly value: string;
  readonly anchors: number;
  /** The axis that counts coordinates, or classes. */
  readonly axis: number;
  /** Where they begin along it. */
  readonly from: number;
}

export interface Detector {
  readonly boxes: Columns & { readonly layout: BoxLayout };
  readonly scores: Columns & {
    /** Null: as many as there are behind `from`. */
    readonly classes: number | null;
    /** What makes a probability of them: nothing, a sigmoid each, or a softmax over all. */
    readonly link: "none" | "sigmoid" | "softmax";
    /** The class that stands for no object, counted from the front or, if negative, from the end. */
    readonly background?: number;
  };
  /** Whether there is anything at all: multiplied into the scores. Sigmoids are behind it. */
  readonly objectness?: Columns;
  /** Where the model has chosen one class for each anchor: its number. */
  readonly chosen?: Columns;
  /** What tells it. */
  readonly why: string;
}
