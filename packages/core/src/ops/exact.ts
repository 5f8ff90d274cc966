/**
 * Results once more in float64. Where relevance that has nothing to do with a sum z is divided by it, the digits that cancel in z are
 * those of the answer: 1e-8 is 1e-4 of 1e-4. Written only there (emit/stabilize.ts), for operators whose runtime kernels know float64.
 */
import type { Builder } from "../graph/builder.ts";
import { DataType } from "../onnx/proto.ts";

export const toDouble = (g: Builder, value: string): string => g.op("Cast", [value], { to: DataType.DOUBLE });
export const toFloat = (g: Builder, value: string): string => g.op("Cast", [value], { to: DataType.FLOAT });
export const double = (g: Builder, value: number): string => g.doubles(Float64Array.of(value), []);
