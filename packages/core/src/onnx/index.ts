/** The ONNX codec: files to messages and back, tensors, attributes, external data. */

export { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from "../tensor/half.ts";
export * from "./attributes.ts";
export { decodeMessage, decodeModel } from "./decode.ts";
export { encodeMessage, encodeModel, encodeModelBytes } from "./encode.ts";
export { checkLocation, type ExternalData, type ExternalRange, externalRange, isExternal, withExternal } from "./external.ts";
export { externalFiles, externalSizes, relocated } from "./external-files.ts";
export type { ExternalRanges } from "./fetch-ranges.ts";
export { randomValues } from "./parse-tensors.ts";
export { parseModel } from "./parse-text.ts";
export * from "./proto.ts";
export { externalOf, filesOf, type ModelFile, type ModelSource, pointingInto } from "./source.ts";
export { boolTensor, clampInt, floatTensor, intTensor, makeTensor, readFloats, readInts, readTensor } from "./tensors.ts";
export { type PrintOptions, printGraph, printModel, printNode, printValueInfo } from "./text.ts";
export { arrayOf, dataTypeName, dataTypeOf, elementCount, tensorByteLength, tensorType, typedArray } from "./types.ts";
export { type WeightFile, type WeightPart, withWeightFile } from "./weight-file.ts";
