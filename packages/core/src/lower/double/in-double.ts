/** A lowered model in float64 throughout; inputs and outputs keep their types. */
import { constantTensor, namesOf } from "../../graph/graph.ts";
import { namer, renamed } from "../../graph/names.ts";
import { attr } from "../../onnx/attributes.ts";
import type { ExternalData } from "../../onnx/external.ts";
import {
  type AttributeProto,
  DataType,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "../../onnx/proto.ts";
import { makeTensor, readFloats } from "../../onnx/tensors.ts";
import { castNode } from "../half/types.ts";

export const inDouble = (model: ModelProto, external?: ExternalData): ModelProto => {
  const { graph } = model;
  const fresh = namer(namesOf(graph));
  const wide = (tensor: TensorProto): TensorProto =>
    tensor.dataType === DataType.FLOAT
      ? makeTensor(tensor.name, { type: "float64", dims: tensor.dims, data: Float64Array.from(readFloats(tensor, external)) })
      : tensor;
  const attribute = (a: AttributeProto): AttributeProto => {
    if (a.t !== undefined) return { ...a, t: wide(a.t) };
    return (a.name === "to" || a.name === "dtype") && Number(a.i) === DataType.FLOAT ? attr.int(a.name, DataType.DOUBLE) : a;
  };
  const held = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter((info) => isFloat(info) && !held.has(info.name));
  const outputs = graph.output.filter(isFloat);
  const inside = new Map([...inputs, ...outputs].map(({ name }) => [name, fresh(`${name}/float64`)]));
  const inner = (name: string) => inside.get(name) ?? name;
  const node = graph.node.map((one): NodeProto => {
    const wider = constantTensor(one)?.dataType === DataType.FLOAT || one.attribute.some((a) => attribute(a) !== a);
    return renamed(wider ? { ...one, attribute: one.attribute.map(attribute) } : one, inner);
  });
  return {
    ...model,
    graph: {
      ...graph,
      initializer: graph.initializer.map(wide),
      valueInfo: [],
      node: [
        ...inputs.map(({ name }) => castNode(name, inner(name), DataType.DOUBLE)),
        ...node,
        ...outputs.map(({ name }) => castNode(inner(name), name, DataType.FLOAT)),
      ],
    },
  };
};

const isFloat = ({ type }: ValueInfoProto): boolean => type?.tensorType?.elemType === DataType.FLOAT;
