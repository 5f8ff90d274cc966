/**
 * A model whose weights lie in one file of their own, as models beyond protobuf's 2 GB must be stored. The file is a plan here, not
 * bytes: its parts say what is to be copied from where, so that nobody needs to hold it.
 */
import { fail } from "../errors.ts";
import { type ExternalRange, externalRange, isExternal, withExternal } from "./external.ts";
import { externalFiles } from "./external-files.ts";
import { DataType, type ModelProto, type TensorProto } from "./proto.ts";
import { REFERENCE_FROM } from "./source.ts";
import { tensorByteLength } from "./types.ts";

/** Some of the file's bytes; between parts it is zero. */
export interface WeightPart {
  readonly offset: number;
  readonly length: number;
  /** Bytes in memory, or where in the original's folder they lie. */
  readonly from: Uint8Array | ExternalRange;
}

export interface WeightFile {
  readonly model: ModelProto;
  /** In the order of their offsets. */
  readonly parts: readonly WeightPart[];
}

/** A page of memory: runtimes map the file. */
const ALIGNMENT = 4096;

/** @throws Unsupported for external weights in subgraphs, functions and sparse tensors, BadFile for a location that leaves the folder */
export const withWeightFile = (model: ModelProto, location: string): WeightFile => {
  const parts: WeightPart[] = [];
  let end = 0;
  const moved = (tensor: TensorProto): TensorProto => {
    const from = movable(tensor);
    if (from === undefined) return tensor;
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    const length = tensorByteLength(tensor.dims, tensor.dataType, tensor.name);
    parts.push({ offset, length, from });
    end = offset + length;
    return withExternal(tensor, location, offset, length);
  };
  const written = { ...model, graph: { ...model.graph, initializer: model.graph.initializer.map(moved) } };
  const left = [...externalFiles(written)].find((file) => file !== location);
  if (left !== undefined)
    throw fail("Unsupported", {
      what: "external weights in subgraphs, functions or sparse tensors",
      where: left,
      fix: "compile with --sidecar, which leaves them where they are",
    });
  return { model: written, parts };
};

const movable = (tensor: TensorProto): WeightPart["from"] | undefined => {
  if (isExternal(tensor)) return externalRange(tensor);
  const { rawData, dataType } = tensor;
  return rawData && rawData.length >= REFERENCE_FROM && dataType !== DataType.STRING ? rawData : undefined;
};
