/** What an expectation about concepts is computed from, and what comes out. */
import type { Explainer, Tensor } from "@backlit/core";
import type { Case } from "../cases.ts";

export interface Given {
  readonly it: Case;
  readonly lit: Explainer;
  /** All arrays of the case's inputs, by name: the model's and others. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** The model's own. */
  readonly feeds: Readonly<Record<string, Tensor>>;
}

export interface Answer {
  readonly got: Tensor;
  /** What is wrong besides. */
  readonly wrong?: string;
}
