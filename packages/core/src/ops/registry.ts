/**
 * The registry: one line an operator. Which kinds of role it can have (that may depend on which of its inputs are constants) and its
 * vector-Jacobian product Jᵀg; docs/operators.md is written from here.
 */
import { activation, activationOps } from "./activations.ts";
import { Add, BatchNormalization, Div, Mean, Mul, Neg, Sub, Sum } from "./arithmetic.ts";
import { Trilu, Where } from "./choice.ts";
import { Col2Im } from "./col2im.ts";
import { constantPieces, nothingFlows } from "./constant-pieces.ts";
import { Conv } from "./conv.ts";
import { ConvTranspose } from "./conv-transpose.ts";
import { CenterCropPad, Pad, Slice } from "./cut.ts";
import { Gemm, MatMul } from "./dense.ts";
import { DFT } from "./dft.ts";
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
import { ReduceMean, ReduceSum } from "./reduce.ts";
import { Resize } from "./resize.ts";
import { RoiAlign } from "./roi-align.ts";
import type { Kind, Op } from "./role.ts";
import { LpNormalization, LRN } from "./scaling.ts";
import { MaxUnpool, ScatterElements, ScatterND, TopK } from "./scatter.ts";
import { scatterSoftmaxRole } from "./scatter-softmax.ts";
import { CumSum, ReverseSequence } from "./sequence.ts";
import { LogSoftmax, Softmax } from "./softmax.ts";
import { DepthToSpace, SpaceToDepth } from "./space-depth.ts";
import { STFT } from "./stft.ts";
import { Cast, Concat, Expand, Identity, Reshape, Split, Squeeze, Tile, Transpose, Unsqueeze } from "./structural.ts";
import { activationUnitRole } from "./unit.ts";
import { Clip, GlobalMaxPool, Max, Min, ReduceMax, ReduceMin } from "./winner.ts";

export interface Entry {
  readonly op: Op;
  readonly kinds: readonly Kind[];
  /** Jᵀg in words. */
  readonly gradient: string;
}

const entry = (op: Op, kinds: string, gradient: string): Entry => ({ op, kinds: kinds.split(" ") as Kind[], gradient });
const entries = (names: Iterable<readonly [string, Entry]>): Readonly<Record<string, Entry>> => Object.fromEntries(names);

/** Operators by family, and in each by name. */
export const registry: Readonly<Record<string, Readonly<Record<string, Entry>>>> = {
  "Layers, products of matrices": {
    Conv: entry(Conv, "linear bilinear sum", "g correlated with the flipped kernel; for the kernel: x with g"),
    ConvTranspose: entry(ConvTranspose, "linear bilinear", "the Conv it is the adjoint of; for the kernel: g with x"),
    Gemm: entry(Gemm, "linear bilinear sum shift", "g Bᵀ, Aᵀ g"),
    MatMul: entry(MatMul, "linear bilinear", "g Bᵀ, Aᵀ g"),
    Einsum: entry(Einsum, "linear bilinear sum structural", "labels of the operand and of the result exchanged"),
  },
  "Averages, sums, interpolation": {
    AveragePool: entry(AveragePool, "sum", "g / taps, spread over the window"),
    GlobalAveragePool: entry(GlobalAveragePool, "sum", "g / size, spread"),
    ReduceMean: entry(ReduceMean, "sum", "g / count, repeated"),
    ReduceSum: entry(ReduceSum, "sum", "g, repeated"),
    Resize: entry(Resize, "sum", "Aᵀg along every resized axis"),
    GridSample: entry(GridSample, "sum structural", "g added to the pixels it was read from, by their weights"),
    RoiAlign: entry(RoiAlign, "sum", "g interpolated back into each box, the boxes held fixed"),
    STFT: entry(STFT, "sum", "each frame's inverse transform, times the window, added where it was"),
    DFT: entry(DFT, "sum", "the inverse transform of g, times N"),
    CumSum: entry(CumSum, "sum", "CumSum of g from the other end"),
  },
  Arithmetic: {
    Add: entry(Add, "sum shift", "g"),
    Sub: entry(Sub, "sum shift", "g, −g"),
    Sum: entry(Sum, "sum shift", "g"),
    Mean: entry(Mean, "sum shift", "g / n"),
    Neg: entry(Neg, "scale", "−g"),
    Mul: entry(Mul, "product scale", "g ⊙ b, g ⊙ a"),
    Div: entry(Div, "product scale", "g / b, −g ⊙ y / b"),
    BatchNormalization: entry(BatchNormalization, "scale", "g ⊙ γ/√(σ² + ε)"),
  },
  "Element-wise functions": {
    ...entries(
      Object.entries(activationOps).map(([name, { slope }]) => [
        name,
        entry(activation(name), "activation", `g ⊙ f′, f′ = ${slope}`),
      ]),
    ),
    Clip: entry(Clip, "activation selection", `g [low < x < high]; computed bounds are winners too`),
    Pow: entry(Pow, "activation product", "g p xᵖ⁻¹, g y ln x"),
  },
  "Softmax and normalizations": {
    Softmax: entry(Softmax, "softmax", "y ⊙ (g − Σ y g)"),
    LogSoftmax: entry(LogSoftmax, "softmax", "g − softmax x Σ g"),
    LayerNormalization: entry(LayerNormalization, "normalization", "r (s − ⟨s⟩ − x̂ ⟨s x̂⟩), s = g ⊙ weight, r = 1/std"),
    RMSNormalization: entry(RMSNormalization, "normalization", "r (s − x̂ ⟨s x̂⟩)"),
    InstanceNormalization: entry(InstanceNormalization, "normalization", "as LayerNormalization, over space"),
    GroupNormalization: entry(GroupNormalization, "normalization", "as LayerNormalization, over space and a group of channels"),
    MeanVarianceNormalization: entry(MeanVarianceNormalization, "normalization", "as LayerNormalization, without weights"),
    LpNormalization: entry(LpNormalization, "normalization", "(g − y Σ g y) / ‖x‖; p = 1: (g − sign x Σ g y) / ‖x‖"),
    LRN: entry(LRN, "normalization", "g U^−β − 2αβ/n x ⊙ Σ g y / U"),
  },
  "Norms and other reductions": {
    ReduceL1: entry(ReduceL1, "normalization structural", "g sign x"),
    ReduceL2: entry(ReduceL2, "normalization structural", "g x / y"),
    ReduceSumSquare: entry(ReduceSumSquare, "normalization structural", "2 g x"),
    ReduceLogSum: entry(ReduceLogSum, "normalization structural", "g / Σ x"),
    ReduceLogSumExp: entry(ReduceLogSumExp, "normalization structural", "g softmax x"),
    ReduceProd: entry(ReduceProd, "normalization structural", "g Π of the others"),
    LpPool: entry(LpPool, "normalization", "sign x |x|ᵖ⁻¹ ⊙ (g / yᵖ⁻¹ spread over the window)"),
    GlobalLpPool: entry(GlobalLpPool, "normalization", "sign x (|x| / y)ᵖ⁻¹ g"),
  },
  Winners: {
    MaxPool: entry(MaxPool, "selection", "g at the winner, the first one on ties"),
    GlobalMaxPool: entry(GlobalMaxPool, "selection", "g at the winner, the first one on ties"),
    ReduceMax: entry(ReduceMax, "selection", "g at the winner, the first one on ties"),
    ReduceMin: entry(ReduceMin, "selection", "g at the winner, the first one on ties"),
    Max: entry(Max, "selection", "g at the winner, the first one on ties"),
    Min: entry(Min, "selection", "g at the winner, the first one on ties"),
    TopK: entry(TopK, "selection", "g at the winner, the first one on ties"),
  },
  Moves: {
    Reshape: entry(Reshape, "structural", "g in the shape of x"),
    Flatten: entry(Reshape, "structural", "g in the shape of x"),
    Squeeze: entry(Squeeze, "structural", "g in the shape of x"),
    Unsqueeze: entry(Unsqueeze, "structural", "g in the shape of x"),
    Identity: entry(Identity, "structural", "g"),
    Dropout: entry(Identity, "structural", "g (at inference)"),
    Cast: entry(Cast, "structural", "g; nothing from whole numbers and truths"),
    CastLike: entry(Identity, "structural", "g"),
    Transpose: entry(Transpose, "structural", "g in the old order"),
    Concat: entry(Concat, "structural", "the part of g"),
    Split: entry(Split, "structural", "the parts of g together"),
    Expand: entry(Expand, "structural", "Σ g over the copies"),
    Tile: entry(Tile, "structural", "Σ g over the copies"),
    Slice: entry(Slice, "structural", "g among zeros"),
    Pad: entry(Pad, "structural", "g cut; what was reflected or repeated goes back"),
    CenterCropPad: entry(CenterCropPad, "structural", "g cut or padded to the size of x"),
    DepthToSpace: entry(DepthToSpace, "structural", "SpaceToDepth of g"),
    SpaceToDepth: entry(SpaceToDepth, "structural", "DepthToSpace of g"),
    Col2Im: entry(Col2Im, "structural", "the windows of g"),
    ReverseSequence: entry(ReverseSequence, "structural", "the same of g"),
  },
  "Picks and puts": {
    Gather: entry(Gather, "structural", "g added at the positions read"),
    GatherElements: entry(GatherElements, "structural", "g added at the positions read"),
    GatherND: entry(GatherND, "structural", "g added at the positions read"),
    Compress: entry(Compress, "structural", "g added at the positions read"),
    ScatterElements: entry(
      ScatterElements,
      "structural sum selection",
      "g, zero where updates went; g read there; max, min: g at the winner",
    ),
    ScatterND: entry(
      ScatterND,
      "structural sum selection",
      "g, zero where updates went; g read there; max, min: g at the winner",
    ),
    MaxUnpool: entry(MaxUnpool, "structural", "g read at the positions"),
    Where: entry(Where, "structural", "g ⊙ mask, g ⊙ (1 − mask)"),
    Trilu: entry(Trilu, "structural", "the triangle of g"),
  },
  "Constant pieces": entries(constantPieces.map((name) => [name, entry(nothingFlows, "structural", "0: nothing flows")])),
  "Recognised in several nodes": {
    "backlit.Activation": entry(activationUnitRole, "activation", "through the single nodes"),
    "backlit.ScatterSoftmax": entry(scatterSoftmaxRole, "softmax", "y ⊙ (g − Σ y g), summed over equal indices"),
    "backlit.Normalization": entry(normalizationUnitRole, "normalization", "through the single nodes"),
  },
};
