/** Between which numbers a value lies, and what that makes of it. */
import type { Facts } from "../../graph/facts.ts";
import type { GraphNode } from "../../graph/graph.ts";

export interface Range {
  readonly low: number;
  readonly high: number;
  /** A softmax, a sigmoid or a division by the sum is in it. */
  readonly probability: boolean;
  /** Classes share one sum of 1: not labels of their own. */
  readonly exclusive: boolean;
  /** A softmax or sigmoid of logits is in it: not votes alone. */
  readonly logits: boolean;
}

export interface Values {
  readonly facts: Facts;
  producer(value: string): GraphNode | undefined;
}
