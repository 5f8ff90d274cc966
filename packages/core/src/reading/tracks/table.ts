/** What each operator does to axes: one line each. Whatever keeps its input's shape and is not listed works element by element. */
import { einsum, gemm, matMul } from "./dense.ts";
import { alongAxis, concat, cut, gather, oneHot, rowsByIndex, split, topK, transpose } from "./pick.ts";
import { along, byRow, recurrent, reduce } from "./reduce.ts";
import { reshape, squeeze, unsqueeze } from "./shape.ts";
import { convolution, norm, pool, resize, shuffle } from "./spatial.ts";
import type { Transfer } from "./step.ts";

const elementwise: Transfer = (step) => step.node.output.map(() => step.elementwise());
const all = (names: string, transfer: Transfer, domain = ""): Record<string, Transfer> =>
  Object.fromEntries(names.split(" ").map((name) => [`${domain}${name}`, transfer]));

export const transfers: Readonly<Record<string, Transfer>> = {
  ...all("Conv ConvTranspose", convolution),
  ...all("AveragePool MaxPool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool", pool),
  ...all("Resize Upsample", resize),
  ...all("DepthToSpace SpaceToDepth", shuffle),
  BatchNormalization: norm(false),
  ...all("InstanceNormalization GroupNormalization LRN", norm(true)),
  MatMul: matMul,
  Gemm: gemm,
  Einsum: einsum,
  Gather: gather,
  OneHot: oneHot,
  ...all("Slice Pad Tile", cut),
  Split: split,
  Concat: concat,
  ...all("GatherElements ScatterElements Scatter", alongAxis),
  ...all("GatherND ScatterND", rowsByIndex),
  TopK: topK,
  Transpose: transpose,
  ...all("Reshape Flatten", reshape),
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  ...all(
    "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare ArgMax ArgMin",
    reduce,
  ),
  ...all("Softmax LogSoftmax Hardmax CumSum LpNormalization", along(false)),
  ...all("LayerNormalization RMSNormalization", along(true)),
  ...all("LSTM GRU RNN", recurrent),
  ...all("STFT DFT", byRow),
  ...all(
    "TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor SVMClassifier SVMRegressor LinearClassifier",
    byRow,
    "ai.onnx.ml.",
  ),
  ...all(
    "LinearRegressor Scaler Normalizer Imputer Binarizer LabelEncoder OneHotEncoder FeatureVectorizer",
    byRow,
    "ai.onnx.ml.",
  ),
  ...all("ArrayFeatureExtractor TfIdfVectorizer CategoryMapper DictVectorizer ZipMap", byRow, "ai.onnx.ml."),
  ...all("TfIdfVectorizer StringSplit com.microsoft.Tokenizer", byRow),
  ...all(
    "Expand Where Add Sub Mul Div Pow Sum Mean Max Min Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Mod PRelu",
    elementwise,
  ),
  ...all(
    "Abs Acos Acosh Asin Asinh Atan Atanh Cast CastLike Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish",
    elementwise,
  ),
  ...all(
    "Identity IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign",
    elementwise,
  ),
  ...all("StringNormalizer StringConcat RegexFullMatch", elementwise),
  ...all("Sqrt Swish Tan Tanh ThresholdedRelu Trilu DequantizeLinear QuantizeLinear BitShift", elementwise),
};
