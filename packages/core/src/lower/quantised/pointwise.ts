/** Quantised element-wise operators, pools and joins of ONNX Runtime: the float operator between two sets of parameters. */
import { getInt } from "../../onnx/attributes.ts";
import { channelsFirst, channelsLast } from "../contrib/conv.ts";
import { like } from "../parts.ts";
import type { Handler, Handlers } from "./handler.ts";
import { operand, result } from "./linear.ts";

/** A (0–2), B (3–5), C (6–7). */
const pair =
  (opType: "Add" | "Mul"): Handler =>
  (node, realm) => {
    result(realm, node, 6, realm.g.op(opType, [operand(realm, node, 0), operand(realm, node, 3)]));
    return true;
  };

/** X (0–2), Y (3–4). */
const single =
  (opType: string): Handler =>
  (node, realm) => {
    const { g, facts } = realm;
    const last = getInt(node, "channels_last", 0) === 1;
    const rank = facts.shape(node.input[0]!)?.length ?? 4;
    const x = operand(realm, node, 0);
    const y = like(g, node, opType, [last ? channelsFirst(g, x, rank) : x], ["channels_last"]);
    result(realm, node, 3, last ? channelsLast(g, y, rank) : y);
    return true;
  };

/** Until opset 13, whose number is an attribute, softmax runs over all axes from `axis` on, as one. */
const QLinearSoftmax: Handler = (node, realm) => {
  const { g } = realm;
  const x = operand(realm, node, 0);
  const old = getInt(node, "opset", 13) < 13;
  const axis = getInt(node, "axis", old ? 1 : -1);
  const rows = () => g.op("Softmax", [g.op("Flatten", [x], { axis })], { axis: 1 });
  result(realm, node, 3, old ? g.op("Reshape", [rows(), g.op("Shape", [x])]) : g.op("Softmax", [x], { axis }));
  return true;
};

/** Y (0–1), then each X with its parameters. */
const QLinearConcat: Handler = (node, realm) => {
  const parts = Array.from({ length: (node.input.length - 2) / 3 }, (_, i) => operand(realm, node, 2 + 3 * i));
  result(realm, node, 0, like(realm.g, node, "Concat", parts));
  return true;
};

/** condition (0), X (1–3), Y (4–6), Z (7–8). */
const QLinearWhere: Handler = (node, realm) => {
  result(realm, node, 7, realm.g.op("Where", [node.input[0]!, operand(realm, node, 1), operand(realm, node, 4)]));
  return true;
};

/** Channels last; X and Y have the same parameters. */
const NhwcMaxPool: Handler = (node, realm) => {
  const stand = realm.stands(node.input[0]!);
  if (stand === undefined) return false;
  const rank = realm.facts.shape(node.input[0]!)?.length ?? 4;
  const y = like(realm.g, node, "MaxPool", [channelsFirst(realm.g, stand.real, rank)]);
  realm.keep(node.output[0]!, channelsLast(realm.g, y, rank), stand.code, stand.dynamic);
  return true;
};

export const pointwise: Handlers = {
  "com.microsoft.QLinearAdd": pair("Add"),
  "com.microsoft.QLinearMul": pair("Mul"),
  "com.microsoft.QLinearLeakyRelu": single("LeakyRelu"),
  "com.microsoft.QLinearSigmoid": single("Sigmoid"),
  "com.microsoft.QLinearAveragePool": single("AveragePool"),
  "com.microsoft.QLinearGlobalAveragePool": single("GlobalAveragePool"),
  "com.microsoft.QLinearSoftmax": QLinearSoftmax,
  "com.microsoft.QLinearConcat": QLinearConcat,
  "com.microsoft.QLinearWhere": QLinearWhere,
  "com.microsoft.NhwcMaxPool": NhwcMaxPool,
};
