/** The registry: one line an operator. `roleOf` says what a node is to an explanation, or why it cannot be explained. */
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import { activation, activationOps } from "./activations.ts";
import { Add, BatchNormalization, Div, Mean, Mul, Neg, Sub, Sum } from "./arithmetic.ts";
import { Trilu, Where } from "./choice.ts";
import { Col2Im } from "./col2im.ts";
import { constantPieces } from "./constant-pieces.ts";
import { Conv } from "./conv.ts";
import { ConvTranspose } from "./conv-transpose.ts";
import { CenterCropPad, Pad, Slice } from "./cut.ts";
import { Gemm, MatMul } from "./dense.ts";
import { Einsum } from "./einsum.ts";
import { Compress, Gather, GatherElements, GatherND } from "./gather.ts";
import { GridSample } from "./grid-sample.ts";
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
import { Pow } from "./power.ts";
import { DequantizeLinear, QuantizeLinear } from "./quantize.ts";
import { ReduceMean, ReduceSum } from "./reduce.ts";
import { Resize } from "./resize.ts";
import type { Op, Role } from "./role.ts";
import { LpNormalization, LRN } from "./scaling.ts";
import { MaxUnpool, ScatterElements, ScatterND, TopK } from "./scatter.ts";
import { CumSum, ReverseSequence } from "./sequence.ts";
import { LogSoftmax, Softmax } from "./softmax.ts";
import { DepthToSpace, SpaceToDepth } from "./space-depth.ts";
import { Cast, Concat, Expand, Identity, Reshape, Split, Tile, Transpose } from "./structural.ts";
import { activationUnitRole } from "./unit.ts";
import { Clip, GlobalMaxPool, Max, Min, ReduceMax, ReduceMin } from "./winner.ts";

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
  GridSample,
  CumSum,
  Add,
  Sub,
  Sum,
  Mean,
  Mul,
  Div,
  Neg,
  BatchNormalization,
  ...Object.fromEntries(Object.keys(activationOps).map((name) => [name, activation(name)])),
  Clip,
  Pow,
  QuantizeLinear,
  DequantizeLinear,
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
  ReduceMin,
  TopK,
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
  Cast,
  CastLike: Identity,
  Transpose,
  Concat,
  Split,
  Expand,
  Slice,
  Gather,
  GatherElements,
  GatherND,
  Compress,
  ScatterElements,
  ScatterND,
  Where,
  Trilu,
  ReverseSequence,
  MaxUnpool,
  Col2Im,
  CenterCropPad,
  Pad,
  Tile,
  DepthToSpace,
  SpaceToDepth,
  ...constantPieces,
  "backlit.Activation": activationUnitRole,
  "backlit.Normalization": normalizationUnitRole,
};

export const roleOf = (node: GraphNode, facts: Facts): Role | string =>
  operators[opName(node)]?.(node, facts) ?? `backlit has no rule for the operator ${opName(node)}`;
export * from "./role.ts";
