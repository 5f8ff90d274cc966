/** Canonization: from the graph as exported to the graph rules are written for. */
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import { activationUnit } from "./activation-unit.ts";
import { mergeNext, mergePrevious } from "./batch-norm.ts";
import { foldConstants } from "./fold-constants.ts";
import { gemmFactors } from "./gemm-factors.ts";
import { linearBias } from "./linear-bias.ts";
import { logSoftmax } from "./log-softmax.ts";
import { maxPoolPad } from "./max-pool-pad.ts";
import { normalization } from "./normalization.ts";
import { removeIdentity } from "./remove-identity.ts";
import { reshapeBatch } from "./reshape-batch.ts";
import { type Note, type Rewrite, View } from "./rewrite.ts";
import { scaleShift } from "./scale-shift.ts";
import { scatterSoftmax } from "./scatter-softmax.ts";
import { sigmoid } from "./sigmoid.ts";
import { softmax } from "./softmax.ts";

type BatchNormPolicy = "merge" | "merge-previous" | "merge-next" | "pass" | "layer";

export interface CanonizeOptions {
  /** Default "merge": into the layer that feeds it. */
  readonly batchnorm?: BatchNormPolicy;
  /** Recognise activations spelled out in several nodes. Gradients differentiate the single nodes instead. Default true. */
  readonly units?: boolean;
  /** Values that must stay as they are: no rewrite takes them away. */
  readonly keep?: ReadonlySet<string>;
  /** Values that are wanted though no output may depend on them. */
  readonly ends?: readonly string[];
}

export interface Canonical {
  readonly graph: Graph;
  readonly facts: Facts;
  /** Every rewrite that was made, and every candidate that was left, with the reason. */
  readonly notes: readonly Note[];
  /** The value that carries the relevance of one that was merged away; the name itself otherwise. */
  carrier(name: string): string;
}

const MERGE: Record<BatchNormPolicy, readonly Rewrite[]> = {
  merge: [mergePrevious],
  "merge-previous": [mergePrevious],
  "merge-next": [mergeNext],
  pass: [],
  layer: [scaleShift, mergePrevious],
};

/** `facts`: those of `source`, to which rewrites add what they make. */
export const canonize = (
  source: Graph,
  facts: Facts,
  { batchnorm = "merge", units = true, keep, ends }: CanonizeOptions = {},
): Canonical => {
  const view = new View(source, facts, keep);
  const rewrites = [
    foldConstants,
    removeIdentity,
    reshapeBatch,
    gemmFactors,
    linearBias,
    maxPoolPad,
    ...MERGE[batchnorm],
    softmax,
    logSoftmax,
    sigmoid,
    ...(units ? [scatterSoftmax, normalization, activationUnit] : []),
  ];
  for (const rewrite of rewrites) view.apply(rewrite);
  return { graph: view.finish(ends), facts: view.facts, notes: view.notes, carrier: (name) => view.carrier(name) };
};
