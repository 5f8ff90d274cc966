/** Values of a table as the element type an input takes. */
import { arrayOf, type Tensor, type TensorType, tensorType, type ValueInfoProto } from "@backlit/core";

const elementType = (input: ValueInfoProto): TensorType => tensorType(input.type?.tensorType?.elemType ?? 1);

/** Whether an input takes strings. */
export const isText = (input: ValueInfoProto): boolean => elementType(input) === "string";

/** Whether an input can say that a value is missing. */
export const takesNaN = (input: ValueInfoProto): boolean => ["float32", "float64", "float16"].includes(elementType(input));

export const tensorOf = (values: readonly number[], dims: readonly number[], input: ValueInfoProto): Tensor => {
  const type = elementType(input);
  const own = type === "int64" || type === "int32" || type === "bool" || type === "float64" ? type : "float32";
  return { type: own, dims, data: arrayOf(own === "int64" ? values.map(Math.round) : values, own) } as Tensor;
};
