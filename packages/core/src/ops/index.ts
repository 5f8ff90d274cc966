/** The registry: one line an operator. `roleOf` says what a node is to an explanation, or why it cannot be explained. */
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import { activation, activationOps } from "./activations.ts";
import { Add, BatchNormalization, Div, Mean, Mul, Neg, Sub, Sum } from "./arithmetic.ts";
import { Conv } from "./conv.ts";
import { ConvTranspose } from "./conv-transpose.ts";
import { Gemm, MatMul } from "./dense.ts";
import { Einsum } from "./einsum.ts";
import { MaxPool } from "./max-pool.ts";
import {
  GroupNormalization,
  InstanceNormalization,
  LayerNormalization,
  MeanVarianceNormalization,
  RMSNormalization,
} from "./normalization.ts";
import { normalizationUnitRole } from "./normalization-unit.ts";
import { GlobalLpPool, LpPool, ReduceL1, ReduceL2, ReduceLogSum, ReduceLogSumExp, ReduceProd, ReduceSumSquare } from "./norms.ts";
import { AveragePool, GlobalAveragePool } from "./pool.ts";
import { ReduceMean, ReduceSum } from "./reduce.ts";
import { Resize } from "./resize.ts";
import type { Op, Role } from "./role.ts";
import { LpNormalization, LRN } from "./scaling.ts";
import { LogSoftmax, Softmax } from "./softmax.ts";
import { DepthToSpace, SpaceToDepth } from "./space-depth.ts";
import { Concat, Expand, Gather, Identity, Pad, Reshape, Slice, Split, Tile, Transpose } from "./structural.ts";
import { activationUnitRole } from "./unit.ts";
import { GlobalMaxPool, Max, Min, ReduceMax } from "./winner.ts";

export const operators: Readonly<Record<string, Op>> = {
  Conv,
  ConvTranspose,
  Gemm,
  MatMul,
  Einsum,
  AveragePool,
  GlobalAveragePool,
  ReduceMean,
  ReduceSum,
  Resize,
  Add,
  Sub,
  Sum,
  Mean,
  Mul,
  Div,
  Neg,
  BatchNormalization,
  ...Object.fromEntries(Object.keys(activationOps).map((name) => [name, activation(name)])),
  LayerNormalization,
  RMSNormalization,
  InstanceNormalization,
  GroupNormalization,
  MeanVarianceNormalization,
  LpNormalization,
  LRN,
  ReduceL1,
  ReduceL2,
  ReduceSumSquare,
  ReduceLogSum,
  ReduceLogSumExp,
  ReduceProd,
  LpPool,
  GlobalLpPool,
  MaxPool,
  GlobalMaxPool,
  ReduceMax,
  Max,
  Min,
  Softmax,
  LogSoftmax,
  Reshape,
  Flatten: Reshape,
  Squeeze: Reshape,
  Unsqueeze: Reshape,
  Identity,
  Dropout: Identity,
  Cast: Identity,
  Transpose,
  Concat,
  Split,
  Expand,
  Slice,
  Gather,
  Pad,
  Tile,
  DepthToSpace,
  SpaceToDepth,
  "backlit.Activation": activationUnitRole,
  "backlit.Normalization": normalizationUnitRole,
};

export const roleOf = (node: GraphNode, facts: Facts): Role | string =>
  operators[opName(node)]?.(node, facts) ?? `backlit has no rule for the operator ${opName(node)}`;
export * from "./role.ts";
