/** Convolutions and matrix products of quantised values. */
import { type AttrValue, float } from "../../graph/builder.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { channelsFirst, channelsLast } from "../contrib/conv.ts";
import { input, like, plus } from "../parts.ts";
import type { Code } from "./code.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Realm } from "./realm.ts";
import { onlyReader } from "./tidy.ts";

/** Positions of an operand, its scale and its zero point. */
type Positions = readonly [x: number, scale: number, zero: number];

/** The float an operand stands for. It says its type itself where the zero point is left out. */
export const operandAt = (realm: Realm, node: NodeProto, [i, scale, zero]: Positions, axis = 0): string => {
  const x = node.input[i]!;
  return realm.real(x, realm.code(node.input[scale]!, input(node, zero), { axis, type: realm.typeOf(x) ?? 0 }));
};

/** x, its scale and zero point: three inputs from position i on. */
export const operand = (realm: Realm, node: NodeProto, i: number, axis = 0): string =>
  operandAt(realm, node, [i, i + 1, i + 2], axis);

/** The output's scale and zero point: two inputs from position i on. */
export const result = (realm: Realm, node: NodeProto, i: number, real: string): void =>
  realm.put(node.output[0]!, real, realm.code(node.input[i]!, input(node, i + 1)));

/** A bias as int32, whose scale is the product of those of x and of the weight. */
const biasOf = (realm: Realm, bias: string, scales: readonly [string, string], factor = 1): string => {
  const { g } = realm;
  return realm.real(bias, realm.code(g.scale(g.mul(...scales), factor), undefined, { axis: -1 }));
};

/** x (0–2), w (3–5, a scale for each output channel), y (6–7), bias (8). */
const QLinearConv: Handler = (node, realm) => {
  const { g, facts } = realm;
  const last = getInt(node, "channels_last", 0) === 1;
  const rank = facts.shape(node.input[3]!)?.length ?? 4;
  const x = operand(realm, node, 0);
  const bias = input(node, 8);
  const inputs = [
    last ? channelsFirst(g, x, rank) : x,
    operand(realm, node, 3),
    bias && biasOf(realm, bias, [node.input[1]!, node.input[4]!]),
  ];
  const y = like(g, node, "Conv", inputs, ["channels_last"]);
  result(realm, node, 6, last ? channelsLast(g, y, rank) : y);
  return true;
};

/** a (0–2), b (3–5, a scale for each column), y (6–7). */
const QLinearMatMul: Handler = (node, realm) => {
  const y = realm.g.op("MatMul", [operand(realm, node, 0, -2), operand(realm, node, 3, -1)]);
  result(realm, node, 6, y);
  return true;
};

/** A (0–2), B (3–5), C (6) of scale α · a · b, y (7–8) or a float. */
const QGemm: Handler = (node, realm) => {
  const alpha = getFloat(node, "alpha", 1);
  const transB = getInt(node, "transB", 0);
  const c = input(node, 6);
  const bias = c && biasOf(realm, c, [node.input[1]!, node.input[4]!], alpha);
  const attributes: Record<string, AttrValue> = { alpha: float(alpha), transA: getInt(node, "transA", 0), transB };
  const inputs = [operand(realm, node, 0), operand(realm, node, 3, transB === 1 ? 0 : 1), ...(bias === undefined ? [] : [bias])];
  const y = realm.g.op("Gemm", inputs, attributes);
  if (input(node, 7) === undefined) realm.give(node.output[0]!, y);
  else result(realm, node, 7, y);
  return true;
};

const UNITS: Pick<Code, "axis" | "block"> = { axis: 0, block: 0 };

/**
 * (a − a₀) · (b − b₀) as int32. A dynamically quantised model multiplies it by both scales afterwards: where that product is found
 * the weight takes its scale, and the whole is one layer.
 */
const integerProduct =
  (opType: "MatMul" | "Conv"): Handler =>
  (node, realm) => {
    const axes = opType === "Conv" ? [0, 0] : [-2, -1];
    const [x, w] = [0, 1].map((i) => realm.units(node.input[i]!, input(node, i + 2), axes[i])) as [string, string];
    const dynamic = realm.stands(node.input[0]!)?.dynamic ?? false;
    const scaled = dynamic ? rescaling(node.output[0]!, realm) : undefined;
    const perColumn = (realm.facts.shape(scaled?.scale ?? "") ?? []).some((d) => d !== 1);
    if (scaled !== undefined && (opType === "MatMul" || !perColumn)) {
      realm.give(scaled.output, like(realm.g, node, opType, [x, realm.g.mul(w, scaled.scale)]));
      for (const done of scaled.nodes) realm.done.add(done);
      return true;
    }
    const one = realm.g.floats(1);
    realm.keep(node.output[0]!, like(realm.g, node, opType, [x, w]), { scale: one, zero: undefined, type: 6, ...UNITS }, true);
    return true;
  };

/** Cast to float and multiply by (scale of x) · (scale of w), the only things that happen to `product`. */
const rescaling = (product: string, { around }: Realm) => {
  const only = (name: string, opType: string): NodeProto | undefined => {
    const reader = onlyReader(around, name);
    return reader?.opType === opType && reader.domain === "" ? reader : undefined;
  };
  const cast = only(product, "Cast");
  const mul = cast && only(cast.output[0]!, "Mul");
  if (cast === undefined || mul === undefined) return undefined;
  const factor = mul.input.find((name) => name !== cast.output[0])!;
  const scales = around.producer(factor);
  const isDynamic = (name: string) => around.producer(name)?.opType === "DynamicQuantizeLinear";
  if (scales?.opType !== "Mul" || !scales.input.some(isDynamic)) return undefined;
  const scale = scales.input.find((name) => !isDynamic(name));
  return scale === undefined ? undefined : { output: mul.output[0]!, nodes: [cast, mul], scale };
};

/** a · b + bias in floats; a may be a float. */
const toFloats =
  (a: Positions | undefined, b: Positions, bias: number): Handler =>
  (node, realm) => {
    const left = a === undefined ? node.input[0]! : operandAt(realm, node, a, -1);
    const y = realm.g.op("MatMul", [left, operandAt(realm, node, b, -1)]);
    realm.give(node.output[0]!, plus(realm.g, y, input(node, bias)));
    return true;
  };

export const linear: Handlers = {
  QLinearConv,
  "com.microsoft.QLinearConv": QLinearConv,
  QLinearMatMul,
  "com.microsoft.QGemm": QGemm,
  MatMulInteger: integerProduct("MatMul"),
  "com.microsoft.MatMulInteger16": integerProduct("MatMul"),
  ConvInteger: integerProduct("Conv"),
  "com.microsoft.MatMulIntegerToFloat": toFloats([0, 2, 4], [1, 3, 5], 6),
  "com.microsoft.DynamicQuantizeMatMul": toFloats(undefined, [1, 2, 3], 4),
};
