/** The types a file declares for its inputs and outputs: float32 inside, they are cast at the borders of the artefact. */
import { type Graph, namesOf } from "../../graph/graph.ts";
import { namer, renamed } from "../../graph/names.ts";
import { attr } from "../../onnx/attributes.ts";
import { DataType, type ModelProto, type NodeProto, type ValueInfoProto } from "../../onnx/proto.ts";

const OTHER_FLOATS: readonly (number | undefined)[] = [DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE];
export const isOtherFloat = (type: number | undefined): type is number => OTHER_FLOATS.includes(type);

export const castNode = (from: string, to: string, type: number): NodeProto => ({
  opType: "Cast",
  domain: "",
  name: "",
  input: [from],
  output: [to],
  attribute: [attr.int("to", type)],
});

export const withType = (info: ValueInfoProto, elemType: number): ValueInfoProto => ({
  ...info,
  type: { ...info.type, tensorType: { ...info.type?.tensorType, elemType } },
});

/** Element types of the inputs and outputs that are tensors. */
export const declaredTypes = ({ inputs, outputs }: Pick<Graph, "inputs" | "outputs">): Map<string, number> =>
  new Map(
    [...inputs, ...outputs].flatMap(({ name, type }) => (type?.tensorType ? [[name, type.tensorType.elemType] as const] : [])),
  );

/** The model with float32 inputs and outputs given back the types they had: cast where they come in and go out. */
export const withDeclaredTypes = (model: ModelProto, types: ReadonlyMap<string, number>): ModelProto => {
  const { graph } = model;
  const differs = ({ name, type }: ValueInfoProto) =>
    type?.tensorType?.elemType === DataType.FLOAT && isOtherFloat(types.get(name));
  const [inputs, outputs] = [graph.input.filter(differs), graph.output.filter(differs)];
  if (inputs.length + outputs.length === 0) return model;
  const fresh = namer(namesOf(graph));
  const inside = new Map([...inputs, ...outputs].map(({ name }) => [name, fresh(`${name}/float32`)]));
  const inner = (name: string) => inside.get(name) ?? name;
  const declared = (info: ValueInfoProto) => (differs(info) ? withType(info, types.get(info.name)!) : info);
  return {
    ...model,
    graph: {
      ...graph,
      input: graph.input.map(declared),
      output: graph.output.map(declared),
      initializer: graph.initializer.map((tensor) =>
        inside.has(tensor.name) ? { ...tensor, name: inner(tensor.name) } : tensor,
      ),
      node: [
        ...inputs.map(({ name }) => castNode(name, inside.get(name)!, DataType.FLOAT)),
        ...graph.node.map((node) => renamed(node, inner)),
        ...outputs.map(({ name }) => castNode(inside.get(name)!, name, types.get(name)!)),
      ],
    },
  };
};
