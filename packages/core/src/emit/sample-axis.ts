/** Which axis of a result the samples of an operand lie along, by operator; none where the operator joins, picks or counts samples. */
import type { Facts, Shape } from "../graph/facts.ts";
import { opName } from "../graph/graph.ts";
import { getInt, getInts, getString } from "../onnx/attributes.ts";
import type { NodeProto } from "../onnx/proto.ts";
import { activationOps } from "../ops/activations.ts";
import { fromFront } from "../ops/axes.ts";
import { parseEquation } from "../ops/equation.ts";
import { reducedAxes } from "../ops/reduce.ts";

interface Operand {
  readonly node: NodeProto;
  /** Its position. */
  readonly i: number;
  readonly from: Shape;
  /** The result's shape. */
  readonly to: Shape;
  readonly facts: Facts;
}

type Move = (operand: Operand, axis: number) => number | undefined;

/** Axes are aligned at their ends. */
const aligned: Move = ({ from, to }, axis) => axis + to.length - from.length;
const first: Move = ({ i }, axis) => (i === 0 && axis === 0 ? 0 : undefined);
/** As they are, but for the axes an attribute or input names. */
const beside =
  (axes: (operand: Operand) => readonly number[] | undefined): Move =>
  (operand, axis) => {
    const [taken, rank] = [axes(operand), operand.from.length];
    const touched = taken === undefined || taken.some((a) => fromFront(a, rank) === axis);
    return touched || operand.to.length !== rank ? undefined : axis;
  };
const along = (fallback: number) => beside(({ node }) => [getInt(node, "axis", fallback)]);
/** Every axis from the named one on. */
const fromAxis: Move = (operand, axis) =>
  axis < fromFront(getInt(operand.node, "axis", -1), operand.from.length) ? axis : undefined;
/** Constants: a list of axes, all where it is left out. */
const listed = (position: number) =>
  beside(({ node, from, facts }) => (node.input[position] ? facts.numbers(node.input[position]) : [...from.keys()]));

const matrices: Move = ({ node, i, from, to, facts }, axis) => {
  const other = facts.shape(node.input[1 - i]!)?.length;
  const rank = from.length;
  if (other === undefined || axis === (i === 0 || rank === 1 ? rank - 1 : rank - 2)) return undefined; // summed over
  if (other > 1) return axis + to.length - rank;
  return axis === rank - 1 ? axis - 1 : axis; // a vector takes its axis away
};

const gemm: Move = (operand, axis) => {
  const { node, i } = operand;
  if (i === 2) return aligned(operand, axis);
  const turned = getInt(node, i === 0 ? "transA" : "transB", 0) === 1;
  const kept = (i === 0) === turned ? 1 : 0; // of A the rows, of B the columns
  return axis === kept ? i : undefined;
};

const reduction: Move = ({ node, i, from, to, facts }, axis) => {
  if (i !== 0) return undefined;
  const arg = node.opType.startsWith("Arg");
  const axes = arg ? [fromFront(getInt(node, "axis", 0), from.length)] : reducedAxes({ ...node, origin: 0 }, facts);
  if (typeof axes === "string" || axes.includes(axis)) return undefined;
  return to.length === from.length ? axis : axis - axes.filter((a) => a < axis).length;
};

const gather: Move = ({ node, i, from, to, facts }, axis) => {
  const rank = facts.shape(node.input[0]!)?.length ?? 0;
  const picked = fromFront(getInt(node, "axis", 0), rank);
  if (i === 1) return axis + picked;
  if (axis === picked) return undefined;
  return axis < picked ? axis : axis + to.length - from.length;
};

const einsum: Move = ({ node, i, facts }, axis) => {
  const { inputs, output } = parseEquation(
    getString(node, "equation", ""),
    node.input.map((name) => facts.rank(name)),
  );
  const at = output.indexOf(inputs[i]?.[axis] ?? "");
  return at < 0 ? undefined : at;
};

/** Nothing is put before or behind along the axis. */
const pad: Move = (operand, axis) => {
  const { node, i, from, facts } = operand;
  const [pads, axes] = [facts.numbers(node.input[1]), node.input[3] ? facts.numbers(node.input[3]) : [...from.keys()]];
  if (i !== 0 || pads === undefined || axes === undefined) return undefined;
  const at = axes.findIndex((a) => fromFront(a, from.length) === axis);
  return at < 0 || (pads[at] === 0 && pads[at + axes.length] === 0) ? axis : undefined;
};

/** Lengths (1) lie along the batch axis. */
const reversed: Move = ({ node, i }, axis) => {
  if (i === 1) return getInt(node, "batch_axis", 1);
  return axis === getInt(node, "time_axis", 0) ? undefined : axis;
};

const table = (ops: string, move: Move): [string, Move][] => ops.split(" ").map((op) => [op, move]);

const MOVES: ReadonlyMap<string, Move> = new Map([
  ...Object.keys(activationOps).map((op): [string, Move] => [op, aligned]),
  ...table("Add Sub Mul Div Pow Sum Mean Max Min Neg PRelu Clip Mod BitShift Cast CastLike Identity Dropout", aligned),
  ...table(
    "Equal Greater GreaterOrEqual Less LessOrEqual IsNaN IsInf And Or Xor Not Sign Round Floor Ceil Where Expand",
    aligned,
  ),
  ...table("Conv ConvTranspose AveragePool MaxPool MaxUnpool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool LRN", first),
  ...table("BatchNormalization InstanceNormalization GroupNormalization DepthToSpace SpaceToDepth Col2Im", first),
  ...table("TfIdfVectorizer StringSplit com.microsoft.Tokenizer", first),
  ...table("StringNormalizer StringConcat RegexFullMatch", aligned),
  ...["LabelEncoder", "CategoryMapper"].map((op): [string, Move] => [`ai.onnx.ml.${op}`, aligned]),
  ...["OneHotEncoder", "ArrayFeatureExtractor", "FeatureVectorizer", "Scaler", "Normalizer", "Imputer", "Binarizer"].map(
    (op): [string, Move] => [`ai.onnx.ml.${op}`, ({ from }, axis) => (axis === 0 && from.length > 1 ? 0 : undefined)],
  ),
  ["GridSample", ({ i }, axis) => (i < 2 && axis === 0 ? 0 : undefined)],
  ["Resize", (operand, axis) => (axis === 0 || operand.to.join() === operand.from.join() ? first(operand, axis) : undefined)],
  ...table("Softmax LogSoftmax Hardmax LpNormalization", along(-1)),
  ...table("LayerNormalization RMSNormalization", fromAxis),
  ...table("Concat Split GatherElements ScatterElements Compress", along(0)),
  ["TopK", along(-1)],
  ["MeanVarianceNormalization", beside(({ node }) => getInts(node, "axes") ?? [0, 2, 3])],
  ["CumSum", listed(1)],
  ["ReverseSequence", reversed],
  ["Slice", listed(3)],
  ["Tile", ({ node, i, facts }, axis) => (i === 0 && facts.numbers(node.input[1])?.[axis] === 1 ? axis : undefined)],
  ["Trilu", ({ i, from }, axis) => (i === 0 && axis < from.length - 2 ? axis : undefined)],
  ["Pad", pad],
  ["MatMul", matrices],
  ["Gemm", gemm],
  ["Einsum", einsum],
  ["Gather", gather],
  ["GatherND", ({ node }, axis) => (axis < getInt(node, "batch_dims", 0) ? axis : undefined)],
  [
    "OneHot",
    ({ node, i, to }, axis) => (i === 0 ? axis + (fromFront(getInt(node, "axis", -1), to.length) <= axis ? 1 : 0) : undefined),
  ],
  ["Transpose", ({ node, from }, axis) => (getInts(node, "perm") ?? [...from.keys()].reverse()).indexOf(axis)],
]);

/** Undefined: samples meet in it, or it is not known what it does with them. */
export const movedTo: Move = (operand, axis) => {
  const op = opName(operand.node);
  if (/^(Reduce|ArgM)/.test(op)) return reduction(operand, axis);
  return MOVES.get(op)?.(operand, axis);
};
