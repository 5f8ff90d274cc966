/** A model whose channels can be switched off: a value's activations times a further input, [N, C]. */
import { fail } from "../../errors.ts";
import { additionTo, putBehind } from "../../onnx/addition.ts";
import { DataType, type ModelProto } from "../../onnx/proto.ts";

export interface AblatedAt {
  readonly value: string;
  readonly rank: number;
  /** Of the channels; the first axis counts samples. */
  readonly axis: number;
}

/** `factors`: the name of the new input, float32 [N, C]. Errors: BadRecipe for a value that no node makes. */
export const ablatable = (
  model: ModelProto,
  { value, rank, axis }: AblatedAt,
): { readonly model: ModelProto; readonly factors: string } => {
  const { graph } = model;
  const added = additionTo(graph, value);
  const [before, factors] = [added.name("before"), added.name("factors")];
  const others = Array.from({ length: rank }, (_, k) => k).filter((k) => k !== 0 && k !== axis);
  const wide = others.length === 0 ? factors : added.op("Unsqueeze", [factors, added.ints("others", others)]);
  added.op("Mul", [before, wide], [], value);
  const put = putBehind(graph, { value, before }, added);
  if (put === undefined)
    throw fail("BadRecipe", { what: `no node makes '${value}'`, fix: "name a value inside the graph; inspect lists them" });
  const input = { name: factors, type: { tensorType: { elemType: DataType.FLOAT, shape: [{}, {}] } } };
  return {
    factors,
    model: { ...model, graph: { ...put, input: [...graph.input, input] } },
  };
};
