/**
 * Ops whose result stays the same under small changes of the input: rounding, comparisons, logic, positions, random numbers. Their
 * derivative is 0 wherever there is one, and no share of the result is due to how large the input is. Relevance ends there.
 */
import type { Op } from "./role.ts";

export const nothingFlows: Op = () => ({
  kind: "structural",
  inputs: [],
  vjp: () => {
    throw new Error("nothing flows to any input");
  },
});

export const constantPieces: readonly string[] = [
  ...["Round", "Floor", "Ceil", "Sign"],
  ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "IsNaN", "IsInf"],
  ...["And", "Or", "Xor", "Not", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot", "BitShift"],
  ...["ArgMax", "ArgMin", "Hardmax", "OneHot", "NonZero", "NonMaxSuppression"],
  ...["Shape", "Size", "ConstantOfShape", "EyeLike"],
  ...["RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"],
];
