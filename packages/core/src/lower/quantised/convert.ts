/** To integers and back: where a model enters and leaves the quantised realm. */
import { getInt, getString } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import { makeTensor } from "../../onnx/tensors.ts";
import { input, like } from "../parts.ts";
import type { Code } from "./code.ts";
import type { Handler, Handlers } from "./handler.ts";
import { integers } from "./integers.ts";
import type { Realm } from "./realm.ts";

/** x or q (0), scale (1), zero point (2). ONNX Runtime's own version has no default axis: its lists lie along the one it names. */
const codeOf = (node: NodeProto, realm: Realm, type: number): Code => {
  const given = getInt(node, "output_dtype", 0) || type;
  return realm.code(node.input[1]!, input(node, 2), {
    axis: getInt(node, "axis", 1),
    block: getInt(node, "block_size", 0),
    type: input(node, 2) === undefined ? given : 0,
  });
};

/** The float itself, cut to the range of the integers; constants are rounded too, as their rounding costs no gradient. */
const QuantizeLinear: Handler = (node, realm) => {
  const code = codeOf(node, realm, 0);
  const x = node.input[0]!;
  realm.put(node.output[0]!, realm.facts.isConstant(x) ? realm.rounded(x, code) : x, code);
  return true;
};

const DequantizeLinear: Handler = (node, realm) => {
  const q = node.input[0]!;
  realm.give(node.output[0]!, realm.real(q, codeOf(node, realm, realm.typeOf(q) ?? 0)));
  return true;
};

/** The scale is found at run time from x itself: y stands for x, with scale 1 and zero point 0. */
const DynamicQuantizeLinear: Handler = (node, realm) => {
  const [y, scale, zero] = node.output as [string, string, string];
  realm.keep(y, node.input[0]!, { scale, zero, type: DataType.UINT8, axis: 0, block: 0 }, true);
  realm.g.constants.push(makeTensor(scale, { type: "float32", dims: [], data: Float32Array.of(1) }));
  realm.g.constants.push(makeTensor(zero, { type: "uint8", dims: [], data: Uint8Array.of(0) }));
  return true;
};

/** Pads with an integer (0 where none is given), which stands for a float as the others do. */
const Pad: Handler = (node, realm) => {
  const stand = realm.stands(node.input[0]!);
  if (stand === undefined) return false;
  const { real, code, dynamic } = stand;
  const value = input(node, 2);
  const mode = getString(node, "mode", "constant");
  const numbers = realm.numbers(code);
  const pad = value === undefined ? 0 : realm.facts.scalar(value);
  const isZero = value !== undefined && value === code.zero;
  if (mode === "constant" && !isZero && (dynamic || numbers === undefined || pad === undefined)) return false;
  const units = isZero || numbers === undefined ? 0 : (pad! - numbers.zero) * numbers.scale;
  const filler = mode === "constant" && units !== 0 ? realm.g.floats(units) : undefined;
  realm.keep(node.output[0]!, like(realm.g, node, "Pad", [real, node.input[1], filler, input(node, 3)]), code, dynamic);
  return true;
};

export const conversions: Handlers = {
  QuantizeLinear,
  DequantizeLinear,
  "com.microsoft.QuantizeLinear": QuantizeLinear,
  "com.microsoft.DequantizeLinear": DequantizeLinear,
  DynamicQuantizeLinear,
};
/** Of no interest but where quantised values come in. */
export const passers: Handlers = { ...integers, Pad };
