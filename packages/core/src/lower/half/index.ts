/**
 * float16, bfloat16 and float64 are computed in float32: there rules, runtimes and tolerances are the same for all models (a runtime
 * may have no convolution in the others at all). Weights stay in the file as they are, behind a Cast that the runtime folds when it
 * loads the model; numbers, types in attributes and the types of inputs and outputs change. The artefact gets those back (types.ts).
 */
import { constantTensor, graphsOf, namesOf } from "../../graph/graph.ts";
import { namer, withSubgraphs } from "../../graph/names.ts";
import { attr } from "../../onnx/attributes.ts";
import { isExternal } from "../../onnx/external.ts";
import { type AttributeProto, DataType, type GraphProto, type NodeProto, type TensorProto } from "../../onnx/proto.ts";
import { floatTensor, readFloats } from "../../onnx/tensors.ts";
import { dataTypeName } from "../../onnx/types.ts";
import type { Pass } from "../pass.ts";
import { castNode, isOtherFloat, withType } from "./types.ts";

/** Larger tensors keep their bytes. */
const SMALL = 64;
/** Attributes that name an element type (Cast, EyeLike, random numbers, LayerNormalization, windows, …). */
const TYPE_ATTRIBUTES = new Set([
  "to",
  "dtype",
  "output_dtype",
  "output_datatype",
  "stash_type",
  "softmax_precision",
  "precision",
]);

export const float32: Pass = {
  name: "float32",
  what: "float16, bfloat16 and float64 are computed in float32",
  needs: "nothing",
  apply: ({ model }) => {
    const found = new Set<number>();
    const graph = narrowed(model.graph, namer(namesOf(model.graph)), found);
    if (found.size === 0) return undefined;
    return { model: { ...model, graph }, notes: [`${[...found].map(dataTypeName).join(", ")} is computed in float32`] };
  },
};

/** The graph in float32. `found`: the other types it had. */
const narrowed = (graph: GraphProto, name: (wish: string) => string, found: Set<number>): GraphProto => {
  const isOther = (type: number | undefined): type is number => {
    if (!isOtherFloat(type)) return false;
    found.add(type);
    return true;
  };
  const casts: NodeProto[] = [];
  /** A tensor under its name: rewritten where it is small, else cast from another name. */
  const initializer = graph.initializer.map((tensor) => {
    if (!isOther(tensor.dataType)) return tensor;
    if (isSmall(tensor)) return inFloat32(tensor);
    const stored = name(`${tensor.name}/${dataTypeName(tensor.dataType)}`);
    casts.push(castNode(stored, tensor.name, DataType.FLOAT));
    return { ...tensor, name: stored };
  });
  const attribute = (a: AttributeProto): AttributeProto => {
    if (a.t !== undefined && isOther(a.t.dataType)) return { ...a, t: inFloat32(a.t) };
    if (TYPE_ATTRIBUTES.has(a.name) && isOther(Number(a.i))) return attr.int(a.name, DataType.FLOAT);
    return a;
  };
  const node = graph.node.flatMap((n): NodeProto[] => {
    const value = constantTensor(n);
    if (value !== undefined && isOther(value.dataType) && !isSmall(value)) {
      const stored = name(`${n.output[0]}/${dataTypeName(value.dataType)}`);
      return [{ ...n, output: [stored] }, castNode(stored, n.output[0]!, DataType.FLOAT)];
    }
    const inside = graphsOf(n).length === 0 ? n : withSubgraphs(n, (inner) => narrowed(inner, name, found));
    return [
      inside.attribute.some((a) => attribute(a) !== a) ? { ...inside, attribute: inside.attribute.map(attribute) } : inside,
    ];
  });
  // Initializers that may be fed (IR 3) are no inputs to anybody here.
  const held = new Set(graph.initializer.map((tensor) => tensor.name));
  const typed = (info: GraphProto["input"][number]) =>
    isOther(info.type?.tensorType?.elemType) ? withType(info, DataType.FLOAT) : info;
  return {
    ...graph,
    initializer,
    node: [...casts, ...node],
    input: graph.input.filter((info) => !held.has(info.name)).map(typed),
    output: graph.output.map(typed),
    valueInfo: [],
  };
};

const isSmall = (tensor: TensorProto): boolean => !isExternal(tensor) && tensor.dims.reduce((a, b) => a * b, 1) <= SMALL;

const inFloat32 = (tensor: TensorProto): TensorProto => floatTensor(tensor.name, tensor.dims, readFloats(tensor));
